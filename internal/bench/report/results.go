// Package report turns what the rounds measured into medians, a Markdown table, a chart and a verdict on the targets.
package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"time"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// Results are everything that one run measured.
type Results struct {
	Machine, Go, Date string
	Note              string // about how the machine's cores were shared; may be empty
	Rounds            int
	Span              time.Duration // of one round
	Libraries         []Library
	Cases             []Case
	Micro             []Micro
	MicroFrom         string `json:",omitempty"` // as Case.From
}

// A Library is a column of the report.
type Library struct {
	Name, Version string
	How           string // how its server is written
	UTF8          bool   // it validates text
}

// A Case is what one kind of traffic came to.
type Case struct {
	Name, Kind   string
	Conns, Cores int
	Rounds       map[string][]Sample // by library
	From         string              `json:",omitempty"` // date and machine, if they are not those of the Results
}

// A Sample is what one round measured. A field that the case does not measure is zero. Targets and tables know the fields
// by their names.
type Sample struct {
	PerSecond float64 // messages
	CPU       float64 // microseconds of the server a message
	P50, P99  float64 // microseconds
	Allocs    float64 // heap objects a message
	Bytes     float64 // heap bytes a message
	Resident  float64 // bytes a connection
	Round     float64 `json:",omitempty"` // microseconds until all connections that read have a flight of a broadcast
	Longest   float64 `json:",omitempty"` // microseconds of the longest of these
	Grown     float64 `json:",omitempty"` // resident bytes of the process
}

// A Micro is the median of a Go benchmark's runs.
type Micro struct {
	Build, Name   string  // the build is "default" or "simd"
	NsPer, MBPer  float64 // nanoseconds an operation, megabytes a second; 0 if the benchmark has none
	Bytes, Allocs float64 // an operation
}

// Load reads the results that Write wrote.
func Load(file string) (*Results, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := new(Results)
	return r, json.Unmarshal(data, r)
}

// Keep adds the cases of a file of earlier results that r does not have, and their benchmarks if r has none. A case says
// of when it is, and of which machine, if that differs.
func (r *Results) Keep(file string) error {
	earlier, err := Load(file)
	if err != nil {
		return err
	}
	var from string
	if earlier.Date != r.Date || earlier.Machine != r.Machine {
		from = earlier.Date + ", " + earlier.Machine + ", " + earlier.Go
	}
	for _, c := range earlier.Cases {
		if r.Case(c.Name).Name == "" {
			c.From = cmp.Or(c.From, from)
			r.Cases = append(r.Cases, c)
		}
	}
	if len(r.Micro) == 0 {
		r.Micro, r.MicroFrom = earlier.Micro, cmp.Or(earlier.MicroFrom, from)
	}
	return nil
}

// Case returns the case of that name, which is empty if it did not run.
func (r *Results) Case(name string) Case {
	if i := slices.IndexFunc(r.Cases, func(c Case) bool { return c.Name == name }); i >= 0 {
		return r.Cases[i]
	}
	return Case{}
}

// A Spread is how a metric lies over the rounds.
type Spread struct{ Median, Min, Max float64 }

// Spread returns how a field of the samples lies. Its values are NaN if the library was not measured.
func (c Case) Spread(lib, field string) Spread {
	var values []float64
	for _, s := range c.Rounds[lib] {
		values = append(values, s.field(field))
	}
	return SpreadOf(values)
}

// field returns a field; Wall, the microseconds for a message in which the load waits for it as well; or Share, the part
// of a core that the server takes.
func (s Sample) field(name string) float64 {
	switch name {
	case "Wall":
		return 1e6 / s.PerSecond
	case "Share":
		return s.CPU * s.PerSecond / 1e6
	}
	return reflect.ValueOf(s).FieldByName(name).Float()
}

// SpreadOf returns how values lie, which it sorts; of none, NaNs.
func SpreadOf(values []float64) Spread {
	n := len(values)
	if n == 0 {
		return Spread{math.NaN(), math.NaN(), math.NaN()}
	}
	s := benchmath.NewSample(values, &benchmath.DefaultThresholds)
	return Spread{benchmath.AssumeNothing.Summary(s, 0.95).Center, s.Values[0], s.Values[n-1]}
}

// ParseMicro reads the output of go test -bench -cpu=1, in which a benchmark may occur several times, and returns the
// medians in the order of first occurrence.
func ParseMicro(build string, output []byte) (all []Micro) {
	values := map[string]map[string][]float64{} // by benchmark and unit
	for lines := benchfmt.NewReader(bytes.NewReader(output), build); lines.Scan(); {
		b, ok := lines.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		name := b.Name.String()
		if values[name] == nil {
			values[name] = map[string][]float64{}
			all = append(all, Micro{Build: build, Name: name})
		}
		for _, v := range b.Values { // benchfmt makes seconds of nanoseconds
			unit := cmp.Or(v.OrigUnit, v.Unit)
			values[name][unit] = append(values[name][unit], cmp.Or(v.OrigValue, v.Value))
		}
	}
	for i := range all {
		m := &all[i]
		fields := map[string]*float64{"ns/op": &m.NsPer, "MB/s": &m.MBPer, "B/op": &m.Bytes, "allocs/op": &m.Allocs}
		for unit, of := range values[m.Name] {
			if field := fields[unit]; field != nil {
				*field = SpreadOf(of).Median
			}
		}
	}
	return all
}

// String is the sample in one line, for the progress of a run.
func (s Sample) String() string {
	return fmt.Sprintf("%s/s, CPU %s µs, p50 %s µs, p99 %s µs, %s allocs, round %s µs, %s resident bytes, %s more",
		number(s.PerSecond), number(s.CPU), number(s.P50), number(s.P99), number(s.Allocs), number(s.Round),
		number(s.Resident), number(s.Grown))
}
