package readme

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"resty.websocket/internal/readme/cells"
)

// TestCells type-checks the code spans in the last column of each table that is headed "here".
func TestCells(t *testing.T) {
	checker, err := cells.NewChecker(imports...)
	if err != nil {
		t.Fatal(err)
	}
	spans := 0
	for _, file := range markdown(t) {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range cells.Tables(string(text)) {
			if table.Scope == "" || !slices.Equal(table.Header[1:], []string{"here"}) {
				continue
			}
			for _, row := range table.Rows {
				if len(row.Cells) != 2 {
					t.Fatalf("%s:%d: %d cells, want 2", file, row.Line, len(row.Cells))
				}
				for _, code := range cells.Spans(row.Cells[1]) {
					spans++
					if err := checker.Check(table.Scope, code); err != nil {
						t.Errorf("%s:%d: %s: %v", file, row.Line, code, err)
					}
				}
			}
		}
	}
	if spans < 100 {
		t.Errorf("only %d code spans are found", spans)
	}
}
