package report

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Markdown writes the whole report.
func (r *Results) Markdown(w io.Writer) {
	fmt.Fprintf(w, "# Benchmarks\n\n%s, %s, %s. Rounds of %v, in turn, %d of each and %d of the closest races; medians, with the least and the most in brackets.\n",
		r.Machine, r.Go, r.Date, r.Span, r.Rounds, 3*r.Rounds)
	if r.Note != "" {
		fmt.Fprintf(w, "\n%s\n", r.Note)
	}
	r.targets(w)
	r.traffic(w)
	r.memory(w)
	r.microTable(w)
	r.libraries(w)
}

func (r *Results) targets(w io.Writer) {
	fmt.Fprint(w, "\n## Targets\n\n")
	table(w, []string{"case", "target", "measured", "verdict"})
	for _, v := range r.Verdicts() {
		row(w, v.Case, v.Target, v.Measured, v.Verdict)
	}
}

// traffic writes a table of all cases in which messages flowed.
func (r *Results) traffic(w io.Writer) {
	for _, c := range r.Cases {
		if strings.HasSuffix(c.Kind, "idle") {
			continue
		}
		fmt.Fprintf(w, "\n## %s\n\n%s", c.Name, of(c.From))
		columns := c.columns()
		head := []string{""}
		for _, column := range columns {
			head = append(head, column.name)
		}
		table(w, head)
		for _, lib := range r.Libraries {
			if len(c.Rounds[lib.Name]) == 0 {
				continue
			}
			cells := []string{lib.Name}
			for _, column := range columns {
				cells = append(cells, column.format(c.Spread(lib.Name, column.metric)))
			}
			row(w, cells...)
		}
	}
}

// of returns a line for results of another date, and nothing for the others.
func of(from string) string {
	if from == "" {
		return ""
	}
	return "Of " + from + ".\n\n"
}

// A column is one metric of a table.
type column struct {
	name   string
	metric Metric
	format func(Spread) string
}

// columns are what a table says about the case.
func (c Case) columns() []column {
	unit := "message"
	switch c.Kind {
	case "handshake":
		unit = "handshake"
	case "slow":
		unit = "first answer"
	}
	middle := func(s Spread) string { return number(s.Median) }
	all := []column{
		{unit + "s/s", PerSecond, Spread.String},
		{"server CPU, µs/" + unit, CPU, Spread.String},
		{"p50, µs", P50, Spread.String},
		{"p99, µs", P99, Spread.String},
		{"allocs", Allocs, middle},
		{"bytes allocated", Bytes, middle},
	}
	if c.Kind == "broadcast" || c.Kind == "stalled" {
		all = append(all, column{"round, µs", Round, Spread.String}, column{"longest, µs", Longest, Spread.String})
	}
	if c.Kind == "stalled" {
		all = append(all, column{"memory grown by", Grown, Spread.String})
	}
	return all
}

func (r *Results) memory(w io.Writer) {
	fmt.Fprint(w, "\n## Resident bytes per connection\n\n")
	table(w, append([]string{""}, names(r.Libraries)...))
	for _, c := range r.Cases {
		if !strings.HasSuffix(c.Kind, "idle") && c.Kind != "growth" {
			continue
		}
		name := c.Name
		if c.From != "" {
			name += " (" + c.From + ")"
		}
		cells := []string{name}
		for _, lib := range r.Libraries {
			cells = append(cells, c.Spread(lib.Name, Resident).String())
		}
		row(w, cells...)
	}
}

func (r *Results) microTable(w io.Writer) {
	if len(r.Micro) == 0 {
		return
	}
	fmt.Fprintf(w, "\n## Micro-benchmarks\n\n%s", of(r.MicroFrom))
	table(w, []string{"benchmark", "build", "ns/op", "MB/s", "bytes/op", "allocs/op"})
	for _, m := range r.Micro {
		row(w, m.Name, m.Build, number(m.NsPer), number(m.MBPer), number(m.Bytes), number(m.Allocs))
	}
}

func (r *Results) libraries(w io.Writer) {
	fmt.Fprint(w, "\n## Servers\n\n")
	table(w, []string{"", "version", "validates text", "written with"})
	for _, lib := range r.Libraries {
		row(w, lib.Name, lib.Version, map[bool]string{true: "yes", false: "cannot"}[lib.UTF8], lib.How)
	}
}

func names(libs []Library) (names []string) {
	for _, lib := range libs {
		names = append(names, lib.Name)
	}
	return names
}

func table(w io.Writer, head []string) {
	row(w, head...)
	fmt.Fprintln(w, "|"+strings.Repeat("---|", len(head)))
}

func row(w io.Writer, cells ...string) {
	fmt.Fprintln(w, "| "+strings.Join(cells, " | ")+" |")
}

// String is the median, and the ends where they differ from it.
func (s Spread) String() string {
	if math.IsNaN(s.Median) {
		return ""
	}
	if s.Min == s.Max {
		return number(s.Median)
	}
	return fmt.Sprintf("%s (%s–%s)", number(s.Median), number(s.Min), number(s.Max))
}

// number has three significant digits, or all digits of the whole part.
func number(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case v == 0 || math.Abs(v) >= 100:
		return whole(v)
	case math.Abs(v) < 0.001:
		return "< 0.001"
	default:
		return strconv.FormatFloat(v, 'f', max(0, 2-int(math.Floor(math.Log10(math.Abs(v))))), 64)
	}
}

// whole is v without a fraction, with a comma between groups of three digits.
func whole(v float64) string {
	sign, digits := "", strconv.FormatFloat(math.Abs(v), 'f', 0, 64)
	if v < 0 {
		sign = "-"
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
