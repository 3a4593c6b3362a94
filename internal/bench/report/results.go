// Package report turns what the rounds measured into medians, a Markdown table, a chart and a verdict on the targets.
package report

import (
	"bytes"
	"math"
	"os"
	"regexp"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// Results are everything that was measured. Their file is in the format of Go's benchmarks, so that benchstat reads it.
//
// The name of a result is that of its case, with a part lib=NAME. Its configuration has the machine, Go's version and the
// date as "on"; the number and time of the rounds as "rounds"; a "note" about the machine and the "build", if there is
// something to say; and for each library lib-NAME, with its version, whether it validates text, and how its server is
// written.
type Results struct{ Cases []*Case }

// A Case is what one kind of traffic, or one Go benchmark, came to.
type Case struct {
	Name   string
	Libs   []string // in the order in which they were measured
	Rounds map[string][]*benchfmt.Result
}

var libPart = regexp.MustCompile(`/lib=([^/]+)`)

// Parse adds the results of a text in the format of Go's benchmarks.
func (r *Results) Parse(text []byte) error {
	lines := benchfmt.NewReader(bytes.NewReader(text), "results")
	for lines.Scan() {
		switch line := lines.Result().(type) {
		case *benchfmt.Result:
			r.add(line.Clone())
		case *benchfmt.SyntaxError:
			return line
		}
	}
	return lines.Err()
}

func (r *Results) add(b *benchfmt.Result) {
	for i, v := range b.Values {
		if v.OrigUnit != "" { // benchfmt makes seconds of nanoseconds
			b.Values[i] = benchfmt.Value{Value: v.OrigValue, Unit: v.OrigUnit}
		}
	}
	name, lib := libPart.ReplaceAllString(b.Name.String(), ""), ""
	if part := libPart.FindSubmatch(b.Name); part != nil {
		lib = string(part[1])
	}
	if build := b.GetConfig("build"); build != "" {
		name += "/build=" + build
	}
	c := r.Case(name)
	if len(c.Libs) == 0 {
		r.Cases = append(r.Cases, c)
	}
	if c.Rounds[lib] == nil {
		c.Libs = append(c.Libs, lib)
	}
	c.Rounds[lib] = append(c.Rounds[lib], b)
}

// Case returns the case of that name, which is empty if it did not run.
func (r *Results) Case(name string) *Case {
	for _, c := range r.Cases {
		if c.Name == name {
			return c
		}
	}
	return &Case{Name: name, Rounds: map[string][]*benchfmt.Result{}}
}

// Load reads the results that Write wrote.
func Load(file string) (*Results, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := new(Results)
	return r, r.Parse(text)
}

// Keep adds the cases of a file of earlier results that r does not have.
func (r *Results) Keep(file string) error {
	earlier, err := Load(file)
	if err != nil {
		return err
	}
	for _, c := range earlier.Cases {
		if len(r.Case(c.Name).Libs) == 0 {
			r.Cases = append(r.Cases, c)
		}
	}
	return nil
}

// Head returns the first result of the case.
func (c *Case) Head() *benchfmt.Result { return c.Rounds[c.Libs[0]][0] }

// Head returns the first result of all, which has the configuration of the last run.
func (r *Results) Head() *benchfmt.Result { return r.Cases[0].Head() }

// Libraries returns the names of the libraries of the last run.
func (r *Results) Libraries() (all []string) {
	for _, c := range r.Head().Config {
		if lib, ok := strings.CutPrefix(c.Key, "lib-"); ok {
			all = append(all, lib)
		}
	}
	return all
}

// A Spread is how a metric lies over the rounds.
type Spread struct{ Median, Min, Max float64 }

// Spread returns how the values of a unit lie. They are NaN if the library was not measured.
func (c *Case) Spread(lib, unit string) Spread { return SpreadOf(c.values(lib, unit)) }

func (c *Case) values(lib, unit string) (all []float64) {
	for _, b := range c.Rounds[lib] {
		if v, ok := value(b, unit); ok {
			all = append(all, v)
		}
	}
	return all
}

// value returns a value of the result; or wall-µs, the microseconds for a message in which the load waits for it as well;
// or cores, the part of a core that the server takes.
func value(b *benchfmt.Result, unit string) (float64, bool) {
	perSecond, ok := b.Value("messages/s")
	switch unit {
	case "wall-µs":
		return 1e6 / perSecond, ok
	case "cores":
		cpu, ok := b.Value("cpu-µs")
		return cpu * perSecond / 1e6, ok
	}
	return b.Value(unit)
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
