package report

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
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
//	FIELD CASE          the median of a Sample's field
//	FIELD BUILD:NAME    the field of a Micro, LIB in its name being the library
//	slope FIELD CASE CASE   what each further connection adds, between two cases that differ in their number
//	most FIELD REGEXP   the most of such medians in the cases that match
//	raced FIELD CASE    the median, over the rounds, of the field divided by that of the version before: a machine that is
//	                    slower for a while is so for both
//	A / B               the quotient
//	A - LIBRARY B       the difference from another library's
func (r *Results) value(expr, lib string) float64 {
	if a, b, ok := strings.Cut(expr, " / "); ok {
		return r.value(a, lib) / r.value(b, lib)
	}
	if a, b, ok := strings.Cut(expr, " - "); ok {
		other, b, _ := strings.Cut(b, " ")
		return r.value(a, lib) - r.value(b, other)
	}
	form, rest, _ := strings.Cut(expr, " ")
	field, name, _ := strings.Cut(rest, " ")
	switch form {
	case "slope":
		from, to, _ := strings.Cut(name, " ")
		a, b := r.Case(from), r.Case(to)
		n, m := float64(a.Conns), float64(b.Conns)
		return (m*b.Spread(lib, field).Median - n*a.Spread(lib, field).Median) / (m - n)
	case "most":
		return r.most(field, regexp.MustCompile(name), lib)
	case "raced":
		return raced(field, r.Case(name), lib)
	}
	build, benchmark, ok := strings.Cut(rest, ":")
	if !ok {
		return r.Case(rest).Spread(lib, form).Median
	}
	for _, m := range r.Micro {
		if m.Build == build && m.Name == strings.ReplaceAll(benchmark, "LIB", lib) {
			return reflect.ValueOf(m).FieldByName(form).Float()
		}
	}
	return math.NaN()
}

func (r *Results) most(field string, match *regexp.Regexp, lib string) float64 {
	var medians []float64
	for _, c := range r.Cases {
		if match.MatchString(c.Name) && len(c.Rounds[lib]) > 0 {
			medians = append(medians, c.Spread(lib, field).Median)
		}
	}
	return SpreadOf(medians).Max
}

func raced(field string, c Case, lib string) float64 {
	var ratios []float64
	now, before := c.Rounds[lib], c.Rounds[lib+"-before"]
	for i := range min(len(now), len(before)) {
		ratios = append(ratios, now[i].field(field)/before[i].field(field))
	}
	return SpreadOf(ratios).Median
}

// judge compares a value of this library with the bounds of a target, "≤ 0.5 of peers, 100 ns": all must hold, or one if
// they are divided by "or". With "<" the bound itself misses.
func (r *Results) judge(value func(lib string) float64, ours, target string) Verdict {
	relation, bounds, _ := strings.Cut(target, " ")
	separator := ", "
	if strings.Contains(bounds, " or ") {
		separator = " or "
	}
	var measured []string
	met, missed := 0, 0
	for bound := range strings.SplitSeq(bounds, separator) {
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
	switch either := separator == " or "; {
	case met > 0 && (either || met == len(measured)):
		v.Verdict = "met"
	case missed > 0 && (!either || missed == len(measured)):
		v.Verdict = "missed"
	}
	return v
}

// rivals are the libraries that a bound is about; the empty one stands for a bound on the value itself.
func (r *Results) rivals(of string) (all []string) {
	rival, ok := strings.CutPrefix(of, "of ")
	if !ok {
		return []string{""}
	}
	if rival != "peers" {
		return []string{rival}
	}
	for _, lib := range r.Libraries {
		if !strings.HasPrefix(lib.Name, "resty") {
			all = append(all, lib.Name)
		}
	}
	return all
}
