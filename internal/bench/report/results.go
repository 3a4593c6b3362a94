// Package report turns what the rounds measured into medians, a Markdown table, charts and a verdict on the targets.
package report

import (
	"cmp"
	"encoding/json"
	"os"
	"time"
)

// Results are everything that one run measured.
type Results struct {
	Machine   string
	Go        string
	Date      string
	Note      string // about how the machine's cores were shared; may be empty
	Rounds    int
	Span      time.Duration // of one round
	Libraries []Library
	Cases     []Case
	Micro     []Micro
	MicroFrom string `json:",omitempty"` // as Case.From
}

// A Library is a column of the report.
type Library struct {
	Name    string
	Version string
	How     string // how its server is written
	UTF8    bool   // it validates text
}

// A Case is what one kind of traffic came to.
type Case struct {
	Name   string
	Kind   string
	Conns  int
	Cores  int
	Rounds map[string][]Sample // by library
	From   string              `json:",omitempty"` // date and machine, if they are not those of the Results
}

// A Micro is the median of a Go benchmark's runs.
type Micro struct {
	Build  string // "default" or "simd"
	Name   string
	NsPer  float64
	MBPer  float64 // megabytes a second; 0 where the benchmark sets no bytes
	Bytes  float64 // an operation
	Allocs float64
}

// Load reads the results that Save wrote.
func Load(file string) (*Results, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := new(Results)
	return r, json.Unmarshal(data, r)
}

// Save writes r as JSON.
func (r *Results) Save(file string) error {
	data, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}

// Keep adds the cases of earlier results that r does not have, and their benchmarks if r has none. A case says of when it
// is, and of which machine, if that differs.
func (r *Results) Keep(earlier *Results) {
	var from string
	if earlier.Date != r.Date || earlier.Machine != r.Machine {
		from = earlier.Date + ", " + earlier.Machine + ", " + earlier.Go
	}
	for _, c := range earlier.Cases {
		if _, ok := r.Case(c.Name); !ok {
			c.From = cmp.Or(c.From, from)
			r.Cases = append(r.Cases, c)
		}
	}
	if len(r.Micro) == 0 {
		r.Micro, r.MicroFrom = earlier.Micro, cmp.Or(earlier.MicroFrom, from)
	}
}

// Case returns the case of that name; ok is false where it did not run.
func (r *Results) Case(name string) (c Case, ok bool) {
	for _, c := range r.Cases {
		if c.Name == name {
			return c, true
		}
	}
	return Case{}, false
}

// Spread returns how a metric of a library lies; its values are NaN where the library was not measured.
func (c Case) Spread(lib string, metric Metric) Spread {
	var values []float64
	for _, s := range c.Rounds[lib] {
		values = append(values, metric(s))
	}
	return SpreadOf(values)
}

// micro returns the benchmark of that name; ok is false where it did not run.
func (r *Results) micro(build, name string) (m Micro, ok bool) {
	for _, m := range r.Micro {
		if m.Build == build && m.Name == name {
			return m, true
		}
	}
	return Micro{}, false
}
