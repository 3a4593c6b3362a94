package report

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Verdict says how a measurement compares with what the library promises.
type Verdict struct{ Case, Target, Measured, Verdict string }

// Verdicts judges every target.
func (r *Results) Verdicts() (all []Verdict) {
	for _, row := range rows("targets.txt") {
		ours := "resty"
		if first, rest, _ := strings.Cut(row[1], " "); strings.HasPrefix(first, "resty-") {
			ours, row[1] = first, rest
		}
		v := r.judge(func(lib string) float64 { return r.value(row[1], lib) }, ours, row[2])
		v.Case = fmt.Sprintf("%s (%s)", row[0], ours)
		all = append(all, v)
	}
	return all
}

// value is what an expression comes to for a library; it is NaN if anything of it was not measured.
//
//	UNIT CASES            the median of the values; the most of the medians if CASES, a regexp, matches several cases
//	slope UNIT CASE CASE  what each further connection adds, between two cases that differ in their number
//	raced UNIT CASE       the median, over the rounds, of the value divided by that of the version before: a machine that
//	                      is slower for a while is so for both
//	A / B                 the quotient
//	A - LIBRARY B         the difference from another library's
func (r *Results) value(expr, lib string) float64 {
	if a, b, ok := strings.Cut(expr, " / "); ok {
		return r.value(a, lib) / r.value(b, lib)
	}
	if a, b, ok := strings.Cut(expr, " - "); ok {
		other, b, _ := strings.Cut(b, " ")
		return r.value(a, lib) - r.value(b, other)
	}
	switch words := strings.Fields(expr); words[0] {
	case "slope":
		a, b := r.Case(words[2]), r.Case(words[3])
		n, m := a.conns(), b.conns()
		return (m*b.Spread(lib, words[1]).Median - n*a.Spread(lib, words[1]).Median) / (m - n)
	case "raced":
		return r.Case(words[2]).raced(lib, words[1])
	default:
		return r.most(lib, words[0], regexp.MustCompile("^(?:"+words[1]+")$"))
	}
}

// conns returns the number of connections that the case's name says.
func (c *Case) conns() float64 {
	_, rest, _ := strings.Cut(c.Name, "/conns=")
	digits, _, _ := strings.Cut(rest, "/")
	n, _ := strconv.ParseFloat(digits, 64)
	return n
}

func (r *Results) most(lib, unit string, cases *regexp.Regexp) float64 {
	var medians []float64
	for _, c := range r.Cases {
		if cases.MatchString(c.Name) && len(c.Rounds[lib]) > 0 {
			medians = append(medians, c.Spread(lib, unit).Median)
		}
	}
	return SpreadOf(medians).Max
}

func (c *Case) raced(lib, unit string) float64 {
	var ratios []float64
	now, before := c.values(lib, unit), c.values(lib+"-before", unit)
	for i := range min(len(now), len(before)) {
		ratios = append(ratios, now[i]/before[i])
	}
	return SpreadOf(ratios).Median
}

// judge compares a value of this library with the bounds of a target, "≤ 0.5 of peers, 100 ns": all must hold, or one if
// they are divided by "or". With "<" the bound itself misses.
func (r *Results) judge(value func(lib string) float64, ours, target string) Verdict {
	relation, bounds, _ := strings.Cut(target, " ")
	either := strings.Contains(bounds, " or ")
	var measured []string
	met, missed := 0, 0
	for bound := range strings.SplitSeq(strings.ReplaceAll(bounds, " or ", ", "), ", ") {
		quantity, of, _ := strings.Cut(bound, " ")
		limit, _ := strconv.ParseFloat(quantity, 64)
		for _, rival := range r.rivals(of) {
			got, unit := value(ours), of
			if rival != "" {
				got, unit = got/value(rival), "of "+rival
			}
			if of == "of peers" && math.IsNaN(got) {
				continue // not all of them can do everything
			}
			switch {
			case got < limit, relation == "≤" && got == limit:
				met++
			case !math.IsNaN(got):
				missed++
			}
			measured = append(measured, strings.TrimSpace(number(got)+" "+unit))
		}
	}
	v := Verdict{Target: target, Measured: strings.Join(measured, ", "), Verdict: "not run"}
	switch {
	case met > 0 && (either || met == len(measured)):
		v.Verdict = "met"
	case missed > 0 && (!either || missed == len(measured)):
		v.Verdict = "missed"
	}
	return v
}

// rivals are the libraries that a bound is about; the empty one stands for a bound on the value itself.
func (r *Results) rivals(of string) []string {
	rival, ok := strings.CutPrefix(of, "of ")
	if !ok {
		return []string{""}
	}
	if rival != "peers" {
		return []string{rival}
	}
	return slices.DeleteFunc(r.Libraries(), ours)
}
