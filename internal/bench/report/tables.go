package report

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strings"
)

// tables are the tables that are kept in texts by hand, by name, each with its head.
var tables = map[string][][]string{"performance": rows("performance.txt"), "compression": rows("compression.txt")}

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

// stand returns the library that is measured in a row of performance for a column's.
func stand(line []string, column string) string {
	if len(line) > 2 && strings.HasPrefix(line[2], column+"=") {
		return line[2][len(column)+1:]
	}
	return column
}

// Summarize renews the tables for which a file has a place: between <!-- name --> and <!-- /name -->. It must have one.
func (r *Results) Summarize(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	found := false
	for name, table := range tables {
		place := regexp.MustCompile("(?s)<!-- " + name + " -->\n.*<!-- /" + name + " -->\n")
		found = found || place.Match(text)
		text = place.ReplaceAllLiteral(text, r.table(name, table))
	}
	if !found {
		return fmt.Errorf("%s: no place for a table", file)
	}
	return os.WriteFile(file, text, 0o644)
}

// table returns a table with its place. A cell that was not measured is empty.
func (r *Results) table(name string, rows [][]string) []byte {
	head := rows[0][1:]
	b := fmt.Appendf(nil, "<!-- %s -->\n|  | %s |\n|---|%s\n", name, strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, line := range rows[1:] {
		b = fmt.Appendf(b, "| %s |", line[0])
		for i, column := range head {
			expr, lib := line[1], stand(line, column)
			if name == "compression" {
				expr, lib = line[1+i], "resty"
			}
			cell := ""
			if v := r.value(expr, lib); !math.IsNaN(v) {
				cell = number(v)
			}
			b = fmt.Appendf(b, " %s |", cell)
		}
		b = append(b, '\n')
	}
	return fmt.Appendf(b, "<!-- /%s -->\n", name)
}
