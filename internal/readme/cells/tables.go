// Package cells checks the Go code in tables of Markdown.
//
// A code span in a cell is an expression, a type, statements or an import. It is type-checked in the scope that a block
// of Go above the table declares, in a function whose only result is an error.
package cells

import (
	"regexp"
	"strings"
)

// A Table is a table of Markdown.
type Table struct {
	Scope  string // the last block of Go above it that declares variables, or ""
	Header []string
	Rows   []Row
}

// A Row is a row of a table.
type Row struct {
	Line  int // in the file, from 1
	Cells []string
}

// Tables returns the tables of a file.
func Tables(text string) (tables []Table) {
	var scope, block string
	var table *Table // nil outside of one
	fenced := false
	for i, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			if fenced && strings.HasPrefix(block, "```go\nvar (\n") {
				scope = strings.TrimPrefix(block, "```go\n")
			}
			fenced, block, table = !fenced, line+"\n", nil
		case fenced:
			block += line + "\n"
		case !strings.HasPrefix(line, "|"):
			table = nil
		case table == nil:
			tables = append(tables, Table{Scope: scope, Header: split(line)})
			table = &tables[len(tables)-1]
		case strings.Trim(line, "|-: ") != "":
			table.Rows = append(table.Rows, Row{i + 1, split(line)})
		}
	}
	return tables
}

// split returns the cells of a row.
func split(line string) (cells []string) {
	const escaped = "\x00"
	line = strings.ReplaceAll(line, `\|`, escaped)
	for cell := range strings.SplitSeq(strings.Trim(strings.TrimSpace(line), "|"), "|") {
		cells = append(cells, strings.TrimSpace(strings.ReplaceAll(cell, escaped, "|")))
	}
	return cells
}

var span = regexp.MustCompile("`([^`]+)`")

// Spans returns the code spans of a cell.
func Spans(cell string) (spans []string) {
	for _, s := range span.FindAllStringSubmatch(cell, -1) {
		spans = append(spans, s[1])
	}
	return spans
}
