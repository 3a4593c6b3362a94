package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"math"
	"os"
	"strings"
)

//go:embed tables.txt
var tablesText string

// rows returns the lines of a text whose fields are divided by bars, without empty lines and comments.
func rows(text string) (all [][]string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			all = append(all, strings.Split(line, " | "))
		}
	}
	return all
}

// tables returns the tables that are kept in texts by hand, by name, each with its head.
func tables() map[string][][]string {
	all, name := map[string][][]string{}, ""
	for _, row := range rows(tablesText) {
		if row[0] == "performance" || row[0] == "compression" {
			name = row[0]
		}
		all[name] = append(all[name], row)
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
	places := 0
	for name, table := range tables() {
		head, lines := table[0][1:], table[1:]
		var b bytes.Buffer
		fmt.Fprintf(&b, "|  | %s |\n|---|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
		for _, line := range lines {
			fmt.Fprintf(&b, "| %s |", line[0])
			for i, column := range head {
				expr, lib := line[1], stand(line, column)
				if name == "compression" {
					expr, lib = line[1+i], "resty"
				}
				cell := ""
				if v := r.value(expr, lib); !math.IsNaN(v) {
					cell = number(v)
				}
				fmt.Fprintf(&b, " %s |", cell)
			}
			b.WriteByte('\n')
		}
		before, rest, begun := bytes.Cut(text, []byte("<!-- "+name+" -->\n"))
		_, after, ended := bytes.Cut(rest, []byte("<!-- /"+name+" -->\n"))
		if !begun || !ended {
			continue
		}
		places++
		text = fmt.Appendf(nil, "%s<!-- %s -->\n%s<!-- /%[2]s -->\n%[4]s", before, name, b.Bytes(), after)
	}
	if places == 0 {
		return fmt.Errorf("%s: no place for a table", file)
	}
	return os.WriteFile(file, text, 0o644)
}
