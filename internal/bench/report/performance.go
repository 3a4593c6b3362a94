package report

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"regexp"
	"strings"
)

// A Table is the table of performance, as text and as a chart.
type Table struct {
	Dark   bool
	Height int
	Rows   []row
}

// A row is a panel of the chart, drawn at X and Y. It has a cell for each library, and a scale of its own.
type row struct {
	Title string
	X, Y  int
	Cells []cell
}

// A cell is a bar of the panel, drawn at Y. The value is NaN and the length 0 if it was not measured.
type cell struct {
	Lib           string
	Value, Length float64
	Y             int
}

// Performance returns the table of performance. A line of its text may name another library in the place of one.
func (r *Results) Performance(dark bool) Table {
	lines := rows("performance.txt")
	libs, height := lines[0][1:], 20*len(lines[0])+20
	t := Table{Dark: dark, Height: len(lines) / 2 * height}
	for i, line := range lines[1:] {
		next, most := row{Title: line[0], X: i % 2 * 440, Y: i / 2 * height}, 0.0
		for j, lib := range libs {
			c := cell{Lib: lib, Y: 30 + 20*j}
			if len(line) > 2 && strings.HasPrefix(line[2], lib+"=") {
				lib = line[2][len(lib)+1:]
			}
			if c.Value = r.value(line[1], lib); !math.IsNaN(c.Value) {
				most = max(most, c.Value)
			}
			next.Cells = append(next.Cells, c)
		}
		for j, c := range next.Cells {
			if !math.IsNaN(c.Value) {
				next.Cells[j].Length = 270 * c.Value / most
			}
		}
		t.Rows = append(t.Rows, next)
	}
	return t
}

// rows returns the lines of one of the texts, whose fields are divided by bars, without empty lines and comments.
func rows(name string) (all [][]string) {
	text, _ := texts.ReadFile(name) // which is embedded
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			all = append(all, strings.Split(line, " | "))
		}
	}
	return all
}

var place = regexp.MustCompile("(?s)<!-- performance -->\n.*<!-- /performance -->\n")

// Summarize renews the table of performance in a file, which must have a place for it: between <!-- performance --> and
// <!-- /performance -->.
func (r *Results) Summarize(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !place.Match(text) {
		return fmt.Errorf("%s: no place for a table", file)
	}
	var table bytes.Buffer
	if err := templates.ExecuteTemplate(&table, "performance", r); err != nil {
		return err
	}
	return os.WriteFile(file, place.ReplaceAllLiteral(text, table.Bytes()), 0o644)
}
