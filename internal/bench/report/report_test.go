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
		columns := Case{Kind: tt.kind}.columns()
		if got := columns[len(columns)-1].name; got != tt.last || len(columns) != tt.n {
			t.Errorf("%s has %d columns, the last %q; want %d, %q", tt.kind, len(columns), got, tt.n, tt.last)
		}
	}
	if got := (Case{Kind: "slow"}).columns()[0].name; got != "first answers/s" {
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
	value := func(_ *Results, lib string) float64 {
		if v, ok := values[lib]; ok {
			return v
		}
		return math.NaN()
	}
	for _, tt := range []struct {
		name   string
		bounds []bound
		below  bool
		either bool
		want   string
	}{
		{"under every bound", []bound{{"slow", 0.1}, {"fast", 1}}, false, false, "met"},
		{"over one bound", []bound{{"slow", 0.1}, {"fast", 0.5}}, false, false, "missed"},
		{"at the bound", []bound{{"same", 1}}, false, false, "met"},
		{"at the bound, to be below", []bound{{"same", 1}}, true, false, "missed"},
		{"a value", []bound{{"", 8}}, false, false, "missed"},
		{"one rival absent", []bound{{"slow", 0.1}, {"absent", 1}}, false, false, "not run"},
		{"one rival absent, missed anyway", []bound{{"fast", 0.1}, {"absent", 1}}, false, false, "missed"},
		{"either, one met", []bound{{"fast", 0.1}, {"slow", 0.1}}, false, true, "met"},
		{"either, none met", []bound{{"fast", 0.1}, {"slow", 0.01}}, false, true, "missed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			target := target{value: value, ours: "ours", bounds: tt.bounds, below: tt.below, either: tt.either}
			if got := target.judge(new(Results)).Verdict; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestChartsAreXML(t *testing.T) {
	r := &Results{Libraries: []Library{{Name: "resty"}, {Name: "gorilla"}}}
	for i, name := range []string{panels[0].name, "growth/conns=10/cores=1", "growth/conns=100/cores=1"} {
		r.Cases = append(r.Cases, Case{
			Name: name, Kind: strings.SplitN(name, "/", 2)[0], Conns: 10, Cores: 1,
			Rounds: map[string][]Sample{"resty": {{CPU: 1, PerSecond: float64(i), Resident: 5000}}},
		})
	}
	for _, chart := range [][]byte{r.bars(themes[0]), r.growth(themes[1])} {
		d := xml.NewDecoder(bytes.NewReader(chart))
		texts := 0
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%v in %s", err, chart)
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "text" {
				texts++
			}
		}
		if texts == 0 || bytes.Contains(chart, []byte("NaN")) {
			t.Errorf("%d texts in %s", texts, chart)
		}
	}
}

func TestMostAllocs(t *testing.T) {
	r := new(Results)
	for name, allocs := range map[string]float64{
		"echo/size=125/conns=100/inflight=1/kind=text":       0.001,
		"echo/size=65536/conns=10/inflight=1/kind=text":      0.5,
		"echo/size=125/conns=100/inflight=1/kind=binary":     1,
		"echo/size=1048576/conns=10/inflight=1/kind=text":    2,
		"growth/conns=10/cores=1":                            3,
		"echo/size=16384/conns=100/inflight=1/kind=nonascii": math.NaN(),
	} {
		c := Case{Name: name}
		if !math.IsNaN(allocs) {
			c.Rounds = map[string][]Sample{"resty": {{Allocs: allocs}}}
		}
		r.Cases = append(r.Cases, c)
	}
	if got := mostAllocs(r, "resty"); got != 0.5 {
		t.Errorf("got %v, want 0.5", got)
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
		"| echo 125 B, 100 connections, µs | 2.00 |  |  |  |  | 1,234 |\n",
		"|\n<!-- /performance -->\nb\n<!-- compression -->\n|  | off |",
		"|\n<!-- /compression -->\nc\n",
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if err := os.WriteFile(file, []byte("no tables\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.Summarize(file); err == nil {
		t.Error("a README without a place for the tables is no error")
	}
}
