package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// parse returns the results that a text has.
func parse(t *testing.T, text string) *Results {
	t.Helper()
	r := new(Results)
	if err := r.Parse([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCell(t *testing.T) {
	for _, tt := range []struct{ unit, rounds, want string }{
		{"p50-µs", "", ""},
		{"p50-µs", "7", "7.00"},
		{"p50-µs", "7 7", "7.00"},
		{"p50-µs", "3 1 2", "2.00 (1.00–3.00)"},
		{"p50-µs", "4 1 2 3", "2.50 (1.00–4.00)"},
		{"allocs/op", "3 1 2", "2.00"},
	} {
		var text strings.Builder
		for v := range strings.FieldsSeq(tt.rounds) {
			fmt.Fprintf(&text, "Benchmarkecho/lib=resty 1 %s %s\n", v, tt.unit)
		}
		if got := parse(t, text.String()).Case("echo").Cell("resty", tt.unit); got != tt.want {
			t.Errorf("%s of %s: got %q, want %q", tt.unit, tt.rounds, got, tt.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, tt := range []struct {
		v    float64
		want string
	}{
		{math.NaN(), "–"}, {0, "0"}, {0.0001, "< 0.001"}, {0.125, "0.125"}, {1, "1.00"}, {12.345, "12.3"},
		{123.4, "123"}, {1234.5, "1,234"}, {1234567, "1,234,567"}, {-4600, "-4,600"},
	} {
		if got := number(tt.v); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.v, got, tt.want)
		}
	}
}

// TestParse has the output of a Go benchmark in two builds, after a round.
func TestParse(t *testing.T) {
	r := parse(t, `on: here
lib-resty: v1
lib-gws: v2

Benchmarkecho/size=1/lib=resty/conns=2 10 5 messages/s
goos: linux
BenchmarkMask/lib=resty/size=16   	 100	   6.0 ns/op	2600.00 MB/s
BenchmarkMask/lib=copy/size=16   	 100	   4.5 ns/op	2600.00 MB/s
BenchmarkMask/lib=resty/size=16   	 100	   8.0 ns/op	2000.00 MB/s
PASS
build: simd
BenchmarkMask/lib=resty/size=16   	 100	   3.0 ns/op	2300.00 MB/s
`)
	var got []string
	for _, c := range r.Cases {
		got = append(got, fmt.Sprintf("%s %s %s %q", c.Name, c.Libs, c.Units(), c.Cell("resty", "ns/op")))
	}
	want := []string{
		`echo/size=1/conns=2 [resty] [messages/s] ""`,
		`Mask/size=16 [resty copy] [ns/op MB/s] "7.00 (6.00–8.00)"`,
		`Mask/size=16/build=simd [resty] [ns/op MB/s] "3.00"`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if libs := r.Libraries(); !slices.Equal(libs, []string{"resty", "gws"}) {
		t.Errorf("libraries %q", libs)
	}
	if err := r.Parse([]byte("Benchmarkecho/lib=resty 1 x messages/s\n")); err == nil {
		t.Error("a value that is no number is no error")
	}
	if again := parse(t, r.Text()); again.Text() != r.Text() || len(again.Cases) != 3 {
		t.Errorf("read again, %d cases: %s", len(again.Cases), again.Text())
	}
}

func TestJudge(t *testing.T) {
	values := map[string]float64{"ours": 9, "slow": 100, "fast": 10, "same": 9}
	value := func(lib string) float64 {
		if v, ok := values[lib]; ok {
			return v
		}
		return math.NaN()
	}
	r := parse(t, "lib-resty: x\nlib-slow: x\nlib-fast: x\nlib-absent: x\nBenchmarkecho/lib=resty 1 1 cpu-µs\n")
	for _, tt := range []struct{ name, target, want, measured string }{
		{"under every bound", "≤ 0.1 of slow, 1 of fast", "met", "0.0900 of slow, 0.900 of fast"},
		{"over one bound", "≤ 0.1 of slow, 0.5 of fast", "missed", "0.0900 of slow, 0.900 of fast"},
		{"at the bound", "≤ 1 of same", "met", "1.00 of same"},
		{"at the bound, to be below", "< 1 of same", "missed", "1.00 of same"},
		{"a value", "≤ 8 bytes", "missed", "9.00 bytes"},
		{"a value without a unit", "≤ 9", "met", "9.00"},
		{"one rival absent", "≤ 0.1 of slow, 1 of absent", "not run", "0.0900 of slow, – of absent"},
		{"one rival absent, missed anyway", "≤ 0.1 of fast, 1 of absent", "missed", "0.900 of fast, – of absent"},
		{"either, one met", "≤ 0.1 of fast or 0.1 of slow", "met", "0.900 of fast, 0.0900 of slow"},
		{"either, none met", "≤ 0.1 of fast or 8 ns", "missed", "0.900 of fast, 9.00 ns"},
		{"peers, but those absent", "≤ 0.9 of peers", "met", "0.0900 of slow, 0.900 of fast"},
		{"peers, one missed", "≤ 0.1 of peers", "missed", "0.0900 of slow, 0.900 of fast"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := r.judge(value, "ours", tt.target)
			if got.Verdict != tt.want || got.Measured != tt.measured {
				t.Errorf("got %q, %q; want %q, %q", got.Verdict, got.Measured, tt.want, tt.measured)
			}
		})
	}
	alone := parse(t, "lib-resty: x\nBenchmarkecho/lib=resty 1 1 cpu-µs\n")
	if got := alone.judge(value, "ours", "≤ 1 of peers").Verdict; got != "not run" {
		t.Errorf("without peers: %q", got)
	}
}

// TestValue has an expression of each form. In one round the machine is ten times as slow.
func TestValue(t *testing.T) {
	r := parse(t, `
Benchmarkecho/a/lib=resty 1 10 cpu-µs 1 allocs/op
Benchmarkecho/a/lib=resty-before 1 10 cpu-µs
Benchmarkecho/a/lib=resty 1 102 cpu-µs 1 allocs/op
Benchmarkecho/a/lib=resty-before 1 100 cpu-µs
Benchmarkecho/a/lib=resty 1 12 cpu-µs 1 allocs/op
Benchmarkecho/a/lib=resty-before 1 10 cpu-µs
Benchmarkecho/a/lib=resty 1 7 cpu-µs 1 allocs/op
Benchmarkecho/b/lib=resty 1 4 cpu-µs 2 allocs/op 100000 messages/s
Benchmarkecho/b/lib=gws 1 30 cpu-µs 3 allocs/op
Benchmarkidle/conns=10/lib=resty 1 2000 resident-B
Benchmarkidle/conns=30/lib=resty 1 1000 resident-B
Benchmarkpush/b/lib=resty 1 5 allocs/op
BenchmarkMask/lib=resty 1 8 ns/op
build: simd
BenchmarkMask/lib=resty 1 7 ns/op
`)
	for _, tt := range []struct {
		expr, lib string
		want      float64
	}{
		{"cpu-µs echo/b", "resty", 4},
		{"cpu-µs echo/b", "gorilla", math.NaN()},
		{"cpu-µs echo/c", "resty", math.NaN()},
		{"cpu-µs echo/", "resty", math.NaN()},
		{"p50-µs echo/b", "resty", math.NaN()},
		{"wall-µs echo/b", "resty", 10},
		{"wall-µs echo/b", "gws", math.NaN()},
		{"cores echo/b", "resty", 0.4},
		{"slope resident-B idle/conns=10 idle/conns=30", "resty", 500},
		{"slope resident-B idle/conns=10 idle/conns=30", "gws", math.NaN()},
		{"allocs/op echo/.*", "resty", 2},
		{"allocs/op echo/.*|push/b", "resty", 5},
		{"allocs/op echo/.*", "gorilla", math.NaN()},
		{"raced cpu-µs echo/a", "resty", 1.02},
		{"raced cpu-µs echo/b", "resty", math.NaN()},
		{"cpu-µs echo/a / cpu-µs echo/b", "resty", 11.0 / 4},
		{"cpu-µs echo/b - resty cpu-µs echo/b", "gws", 26},
		{"ns/op Mask", "resty", 8},
		{"ns/op Mask/build=simd", "resty", 7},
		{"ns/op Mask/build=default", "resty", math.NaN()},
	} {
		if got := r.value(tt.expr, tt.lib); got != tt.want && !(math.IsNaN(got) && math.IsNaN(tt.want)) {
			t.Errorf("%s of %s: got %v, want %v", tt.expr, tt.lib, got, tt.want)
		}
	}
}

// TestCharts draws both charts, as XML in which nothing is not a number.
func TestCharts(t *testing.T) {
	for _, r := range []*Results{new(Results), parse(t, `
Benchmarkhandshake/conns=64/lib=resty 1 1 cpu-µs
Benchmarkidle/conns=10000/lib=resty 1 5000 resident-B
`)} {
		for _, name := range []string{"cpu-light.svg", "cpu-dark.svg"} {
			var chart bytes.Buffer
			if err := templates.ExecuteTemplate(&chart, name, r); err != nil {
				t.Fatal(err)
			}
			texts := 0
			for d := xml.NewDecoder(bytes.NewReader(chart.Bytes())); ; {
				token, err := d.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("%s: %v in %s", name, err, &chart)
				}
				if start, ok := token.(xml.StartElement); ok && start.Name.Local == "text" {
					texts++
				}
			}
			if texts == 0 || bytes.Contains(chart.Bytes(), []byte("NaN")) {
				t.Errorf("%s: %d texts in %s", name, texts, &chart)
			}
		}
	}
}

// TestFiled reads the results that are filed, and writes them again as they are.
func TestFiled(t *testing.T) {
	const filed = "../results"
	r, err := Load(filepath.Join(filed, "results.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Case("idle/conns=10000").Spread("resty", "resident-B"); !(s.Median > 0) {
		t.Errorf("idle connections: %+v", s)
	}
	dir := t.TempDir()
	if err := r.Write(dir, ""); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 5 {
		t.Errorf("files %v, %v", files, err)
	}
	for _, file := range files {
		got, err1 := os.ReadFile(filepath.Join(dir, file.Name()))
		want, err2 := os.ReadFile(filepath.Join(filed, file.Name()))
		if err1 != nil || err2 != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the results come to: %v, %v", file.Name(), err1, err2)
		}
	}
}

// TestKeep has one case in both results.
func TestKeep(t *testing.T) {
	file := filepath.Join(t.TempDir(), "results.txt")
	const earlier = "on: then\nBenchmarka/lib=gws 1 1 cpu-µs\nBenchmarkb/lib=gws 1 2 cpu-µs\n" +
		"on: before\nBenchmarkc/lib=gws 1 3 cpu-µs\n"
	if err := os.WriteFile(file, []byte(earlier), 0o600); err != nil {
		t.Fatal(err)
	}
	r := parse(t, "on: now\nBenchmarka/lib=resty 1 4 cpu-µs\n")
	if err := r.Keep(file); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range r.Cases {
		got = append(got, fmt.Sprint(c.Name, c.Libs, c.Head().GetConfig("on")))
	}
	if want := []string{"a[resty]now", "b[gws]then", "c[gws]before"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestWrite has a place for the table, and then none.
func TestWrite(t *testing.T) {
	dir, readme := t.TempDir(), filepath.Join(t.TempDir(), "mine.md")
	r := parse(t, "Benchmarkhandshake/conns=64/lib=gws 1 26 cpu-µs\n")
	const place = "before\n<!-- performance -->\nold\n<!-- /performance -->\nafter\n"
	if err := os.WriteFile(readme, []byte(place), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.Write(dir, readme); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(readme)
	if err != nil || !strings.HasPrefix(string(text), "before\n<!-- performance -->\n|  | resty |") ||
		!strings.Contains(string(text), "| handshake, µs |  |  |  |  |  |  | 26.0 |  |  |\n") ||
		!strings.HasSuffix(string(text), " |\n<!-- /performance -->\nafter\n") {
		t.Errorf("%v in\n%s", err, text)
	}
	if err := os.WriteFile(readme, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.Write(dir, readme); err == nil {
		t.Error("a file without a place is no error")
	}
	if err := new(Results).Write(dir, ""); err == nil {
		t.Error("results without a case are no error")
	}
}
