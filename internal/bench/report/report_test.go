package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSpreadOf(t *testing.T) {
	for _, tt := range []struct {
		values []float64
		want   string
	}{
		{nil, ""},
		{[]float64{7}, "7.00"},
		{[]float64{3, 1, 2}, "2.00 (1.00–3.00)"},
		{[]float64{4, 1, 2, 3}, "2.50 (1.00–4.00)"},
	} {
		if got := SpreadOf(tt.values).String(); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.values, got, tt.want)
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

// TestColumns names what only some tables say.
func TestColumns(t *testing.T) {
	for _, tt := range []struct {
		kind, last string
		n          int
	}{
		{"echo", "bytes allocated", 6},
		{"broadcast", "longest, µs", 8},
		{"stalled", "memory grown by", 9},
	} {
		columns := Case{Kind: tt.kind}.Columns()
		if got := columns[len(columns)-1].Name; got != tt.last || len(columns) != tt.n {
			t.Errorf("%s has %d columns, the last %q; want %d, %q", tt.kind, len(columns), got, tt.n, tt.last)
		}
	}
	if got := (Case{Kind: "handshake"}).Columns()[0].Name; got != "handshakes/s" {
		t.Errorf("got %q", got)
	}
}

func TestParseMicro(t *testing.T) {
	const output = `goos: linux
BenchmarkMask/lib=resty/size=16   	 100	   6.0 ns/op	2600.00 MB/s
BenchmarkMask/lib=resty/size=16   	 100	   8.0 ns/op	2000.00 MB/s
BenchmarkMask/lib=resty/size=16   	 100	   7.0 ns/op	2300.00 MB/s
BenchmarkHandshake/lib=gorilla 	 100	  1981 ns/op	     744 B/op	       9 allocs/op
PASS
`
	got := ParseMicro("default", []byte(output))
	want := []Micro{
		{Build: "default", Name: "Mask/lib=resty/size=16", NsPer: 7, MBPer: 2300},
		{Build: "default", Name: "Handshake/lib=gorilla", NsPer: 1981, Bytes: 744, Allocs: 9},
	}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %+v, want %+v", got, want)
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
	r := &Results{Libraries: []Library{{Name: "resty"}, {Name: "slow"}, {Name: "fast"}, {Name: "absent"}}}
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
	if got := new(Results).judge(value, "ours", "≤ 1 of peers").Verdict; got != "not run" {
		t.Errorf("without peers: %q", got)
	}
}

// TestValue has an expression of each form. In one round the machine is ten times as slow.
func TestValue(t *testing.T) {
	r := &Results{
		Cases: []Case{
			{Name: "echo/a", Rounds: map[string][]Sample{
				"resty":        {{CPU: 10, Allocs: 1}, {CPU: 102, Allocs: 1}, {CPU: 12, Allocs: 1}, {CPU: 7, Allocs: 1}},
				"resty-before": {{CPU: 10}, {CPU: 100}, {CPU: 10}},
			}},
			{Name: "echo/b", Rounds: map[string][]Sample{
				"resty": {{CPU: 4, Allocs: 2, PerSecond: 1e5}}, "gws": {{CPU: 30, Allocs: 3}},
			}},
			{Name: "idle/1", Conns: 10, Rounds: map[string][]Sample{"resty": {{Resident: 2000}}}},
			{Name: "idle/2", Conns: 30, Rounds: map[string][]Sample{"resty": {{Resident: 1000}}}},
			{Name: "push/b", Rounds: map[string][]Sample{"resty": {{Allocs: 5}}}},
		},
		Micro: []Micro{{Build: "simd", Name: "Mask/lib=resty", NsPer: 7}},
	}
	for _, tt := range []struct {
		expr, lib string
		want      float64
	}{
		{"CPU echo/b", "resty", 4},
		{"CPU echo/b", "gorilla", math.NaN()},
		{"CPU echo/c", "resty", math.NaN()},
		{"Wall echo/b", "resty", 10},
		{"Share echo/b", "resty", 0.4},
		{"slope Resident idle/1 idle/2", "resty", 500},
		{"slope Resident idle/1 idle/2", "gws", math.NaN()},
		{"most Allocs ^echo/", "resty", 2},
		{"most Allocs ^echo/", "gorilla", math.NaN()},
		{"raced CPU echo/a", "resty", 1.02},
		{"raced CPU echo/b", "resty", math.NaN()},
		{"CPU echo/a / CPU echo/b", "resty", 11.0 / 4},
		{"CPU echo/b - resty CPU echo/b", "gws", 26},
		{"NsPer simd:Mask/lib=LIB", "resty", 7},
		{"NsPer default:Mask/lib=LIB", "resty", math.NaN()},
	} {
		if got := r.value(tt.expr, tt.lib); got != tt.want && !(math.IsNaN(got) && math.IsNaN(tt.want)) {
			t.Errorf("%s of %s: got %v, want %v", tt.expr, tt.lib, got, tt.want)
		}
	}
}

// TestCharts draws all charts, as XML in which nothing is not a number.
func TestCharts(t *testing.T) {
	r := &Results{Libraries: []Library{{Name: "resty"}, {Name: "gorilla"}}}
	for i, name := range []string{"handshake/conns=64", "idle/conns=10000", "push/size=200/messages=1000"} {
		r.Cases = append(r.Cases, Case{
			Name: name, Kind: strings.SplitN(name, "/", 2)[0], Conns: 10, Cores: 1,
			Rounds: map[string][]Sample{"resty": {{CPU: 1, PerSecond: float64(i), Resident: 5000}}},
		})
	}
	charts, err := r.charts()
	if err != nil || len(charts) != 2 {
		t.Fatalf("%d charts, %v", len(charts), err)
	}
	for name, chart := range charts {
		d := xml.NewDecoder(bytes.NewReader(chart))
		texts := 0
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v in %s", name, err, chart)
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "text" {
				texts++
			}
		}
		if texts == 0 || bytes.Contains(chart, []byte("NaN")) {
			t.Errorf("%s: %d texts in %s", name, texts, chart)
		}
	}
	if charts, err := new(Results).charts(); len(charts) != 0 || err != nil {
		t.Errorf("of nothing: %d charts, %v", len(charts), err)
	}
}

// TestFiled reads the results that are filed, and writes them again.
func TestFiled(t *testing.T) {
	r, err := Load("../results/results.json")
	if err != nil {
		t.Fatal(err)
	}
	if c := r.Case("idle/conns=10000"); len(c.Rounds["resty"]) == 0 || c.Spread("resty", "Resident").Median <= 0 {
		t.Errorf("idle connections: %+v", c)
	}
	var text bytes.Buffer
	if err := templates.ExecuteTemplate(&text, "report.tmpl", r); err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Cases {
		if !strings.Contains(text.String(), c.Name) {
			t.Errorf("the report has nothing of %s", c.Name)
		}
	}
}

// TestKeep has one case in both results.
func TestKeep(t *testing.T) {
	earlier := &Results{Date: "then", Machine: "another", Go: "go1", Micro: []Micro{{Name: "m"}}}
	earlier.Cases = []Case{{Name: "a", Conns: 1}, {Name: "b"}, {Name: "c", From: "before then"}}
	dir := t.TempDir()
	if err := earlier.Write(dir, ""); err != nil {
		t.Fatal(err)
	}
	r := &Results{Date: "now", Cases: []Case{{Name: "a", Conns: 2}}}
	if err := r.Keep(filepath.Join(dir, "results.json")); err != nil {
		t.Fatal(err)
	}
	if len(r.Cases) != 3 || r.Case("a").Conns != 2 || r.Case("a").From != "" {
		t.Errorf("cases %+v", r.Cases)
	}
	if got := []string{r.Case("b").From, r.Case("c").From, r.MicroFrom}; got[0] != "then, another, go1" || got[1] != "before then" || got[2] != got[0] {
		t.Errorf("from %q", got)
	}
}

func TestSummarize(t *testing.T) {
	r := &Results{Cases: []Case{{
		Name:   "echo/size=125/conns=100/inflight=1/kind=text",
		Rounds: map[string][]Sample{"resty": {{CPU: 1}, {CPU: 2}, {CPU: 9}}, "gws": {{CPU: 1234}}},
	}}}
	file := filepath.Join(t.TempDir(), "README.md")
	old := "a\n<!-- performance -->\nold\n<!-- /performance -->\nb\n<!-- compression -->\n<!-- /compression -->\nc\n"
	if err := os.WriteFile(file, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // what it has written it finds again
		if err := r.Summarize(file); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"a\n<!-- performance -->\n|  | resty |",
		"| echo 125 B, 100 connections, µs | 2.00 |  |  |  |  |  | 1,234 |  |\n",
		"|\n<!-- /performance -->\nb\n<!-- compression -->\n|  | off |",
		"|\n<!-- /compression -->\nc\n",
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	for text, ok := range map[string]bool{
		"no tables\n":            false,
		"<!-- compression -->\n": false,
		"<!-- compression -->\n<!-- /compression -->\n": true,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := r.Summarize(file); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestWriteTables has the tables in two files, and then in one.
func TestWriteTables(t *testing.T) {
	dir, r := t.TempDir(), &Results{}
	readme, compression := filepath.Join(dir, "mine.md"), filepath.Join(dir, "compression.md")
	for file, name := range map[string]string{readme: "performance", compression: "compression"} {
		place := "<!-- " + name + " -->\n<!-- /" + name + " -->\n"
		if err := os.WriteFile(file, []byte(place), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Write(dir, readme); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{readme, compression} {
		if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), "|  |") {
			t.Errorf("%v, no table in\n%s", err, text)
		}
	}
	if err := os.Remove(compression); err != nil {
		t.Fatal(err)
	}
	if err := r.Write(dir, readme); err != nil {
		t.Error(err)
	}
}
