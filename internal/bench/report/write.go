package report

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed *.tmpl *.txt
var texts embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{"number": number}).ParseFS(texts, "*.tmpl"))

// Write prints the report. If dir is not empty, it files there the results, the report as README.md, and the charts; if
// readme is not empty, it renews the tables in that file, and in compression.md of dir if there is one.
func (r *Results) Write(dir, readme string) error {
	var text bytes.Buffer
	if err := templates.ExecuteTemplate(io.MultiWriter(os.Stdout, &text), "report.tmpl", r); err != nil || dir == "" {
		return err
	}
	data, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	files, err := r.charts()
	if err != nil {
		return err
	}
	files["results.json"], files["README.md"] = append(data, '\n'), text.Bytes()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	if readme == "" {
		return nil
	}
	if err := r.Summarize(readme); err != nil {
		return err
	}
	if err := r.Summarize(filepath.Join(dir, "compression.md")); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// A Column is one metric of a case's table.
type Column struct{ Name, field string }

// Columns are what a table says about the case, if messages flowed.
func (c Case) Columns() []Column {
	if strings.HasSuffix(c.Kind, "idle") {
		return nil
	}
	unit := cmp.Or(map[string]string{"handshake": "handshake", "heartbeat": "Ping"}[c.Kind], "message")
	all := []Column{
		{unit + "s/s", "PerSecond"}, {"server CPU, µs/" + unit, "CPU"}, {"p50, µs", "P50"}, {"p99, µs", "P99"},
		{"allocs", "Allocs"}, {"bytes allocated", "Bytes"},
	}
	if c.Kind == "broadcast" || c.Kind == "stalled" {
		all = append(all, Column{"round, µs", "Round"}, Column{"longest, µs", "Longest"})
	}
	if c.Kind == "stalled" || c.Kind == "handshake" {
		all = append(all, Column{"memory grown by", "Grown"})
	}
	return all
}

// Of is the cell of a library. Allocations hardly vary, so that their median says all.
func (c Column) Of(of Case, lib string) string {
	spread := of.Spread(lib, c.field)
	if c.field == "Allocs" || c.field == "Bytes" {
		return number(spread.Median)
	}
	return spread.String()
}

// Memory reports whether the case measures the memory of connections.
func (c Case) Memory() bool { return strings.HasSuffix(c.Kind, "idle") || c.Kind == "growth" }

// String is the median, and the ends if they differ from it.
func (s Spread) String() string {
	switch {
	case math.IsNaN(s.Median):
		return ""
	case s.Min == s.Max:
		return number(s.Median)
	default:
		return fmt.Sprintf("%s (%s–%s)", number(s.Median), number(s.Min), number(s.Max))
	}
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
func whole(v float64) string { return message.NewPrinter(language.English).Sprintf("%.0f", v) }
