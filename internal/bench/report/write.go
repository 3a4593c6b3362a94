package report

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed *.tmpl *.txt
var texts embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"number": number, "cell": cellOf, "has": slices.Contains[[]string], "ours": ours,
}).ParseFS(texts, "*.tmpl"))

// Write prints the report. If dir is not empty, it files there the results, the report as README.md, the table of
// compression, and the charts; if readme is not empty, it renews the table of performance in that file.
func (r *Results) Write(dir, readme string) error {
	if len(r.Cases) == 0 {
		return errors.New("report: nothing was measured")
	}
	if err := templates.ExecuteTemplate(os.Stdout, "README.md", r); err != nil || dir == "" {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range []string{"results.txt", "README.md", "compression.md", "cpu-light.svg", "cpu-dark.svg"} {
		var text bytes.Buffer
		if err := templates.ExecuteTemplate(&text, name, r); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), text.Bytes(), 0o644); err != nil {
			return err
		}
	}
	if readme == "" {
		return nil
	}
	return r.Summarize(readme)
}

// Text is the results in the format of Go's benchmarks.
func (r *Results) Text() string {
	var text strings.Builder
	w := benchfmt.NewWriter(&text)
	for _, c := range r.Cases {
		for _, lib := range c.Libs {
			for _, b := range c.Rounds[lib] {
				w.Write(b)
			}
		}
	}
	return text.String()
}

// Units are the columns of the case's table.
func (c *Case) Units() (all []string) {
	for _, v := range c.Head().Values {
		all = append(all, v.Unit)
	}
	return all
}

// Cell is the cell of a library. Allocations hardly vary, so that their median says all.
func (c *Case) Cell(lib, unit string) string {
	s := c.Spread(lib, unit)
	if math.IsNaN(s.Median) || s.Min == s.Max || unit == "allocs/op" || unit == "B/op" {
		return cellOf(s.Median)
	}
	return fmt.Sprintf("%s (%s–%s)", number(s.Median), number(s.Min), number(s.Max))
}

// Number is the value of an expression for this library.
func (r *Results) Number(expr string) string { return number(r.value(expr, "resty")) }

// cellOf is empty if nothing was measured.
func cellOf(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return number(v)
}

// number has three significant digits, or all digits of the whole part.
func number(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case v == 0 || math.Abs(v) >= 100:
		return message.NewPrinter(language.English).Sprintf("%.0f", v) // with a comma between groups of three digits
	case math.Abs(v) < 0.001:
		return "< 0.001"
	default:
		return strconv.FormatFloat(v, 'f', max(0, 2-int(math.Floor(math.Log10(math.Abs(v))))), 64)
	}
}

// ours reports whether a library is this one, by any of its names.
func ours(lib string) bool { return strings.HasPrefix(lib, "resty") }
