package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// testdata is the folder of the tables.
const testdata = "../../testdata"

// A section is one part of a table: a title on a line of its own, and the rows
// below it.
type section struct {
	title string
	rows  []row
}

// A row says what has to hold, and which tests see to it or why there is none.
type row struct {
	line    int // in the file
	text    string
	tests   []string // package and name, with a space between
	reasons []string // why no test can hold it, or not to the letter
}

var (
	rowForm    = regexp.MustCompile(`^ +(\d+)  (\S.*)$`)
	testForm   = regexp.MustCompile(`^ +([a-z/]+) +((?:Test|Fuzz)\S+)$`)
	reasonForm = regexp.MustCompile(`^ +- (\S.*)$`)
)

// readTable reads a table. A row begins with its number in the section; below
// it are the tests, and the reasons behind a dash.
func readTable(t *testing.T, name string) (sections []section) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testdata, name))
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(text), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] != ' ' {
			sections = append(sections, section{title: line})
			continue
		}
		if len(sections) == 0 {
			t.Fatalf("%s:%d: outside of all sections", name, i+1)
		}
		if err := sections[len(sections)-1].add(i+1, line); err != nil {
			t.Fatalf("%s:%d: %v", name, i+1, err)
		}
	}
	return sections
}

// add adds what one line says.
func (s *section) add(number int, line string) error {
	if m := rowForm.FindStringSubmatch(line); m != nil {
		if m[1] != strconv.Itoa(len(s.rows)+1) {
			return fmt.Errorf("row %s, want %d", m[1], len(s.rows)+1)
		}
		s.rows = append(s.rows, row{line: number, text: m[2]})
		return nil
	}
	if len(s.rows) == 0 {
		return fmt.Errorf("outside of all rows")
	}
	r := &s.rows[len(s.rows)-1]
	if m := testForm.FindStringSubmatch(line); m != nil {
		r.tests = append(r.tests, m[1]+" "+m[2])
	} else if m := reasonForm.FindStringSubmatch(line); m != nil {
		r.reasons = append(r.reasons, m[1])
	} else {
		return fmt.Errorf("neither a row, nor a test, nor a reason")
	}
	return nil
}

// checkRows checks that each row has a test that exists, or a reason.
func checkRows(t *testing.T, name string, sections []section) {
	t.Helper()
	for _, s := range sections {
		for _, r := range s.rows {
			if len(r.tests)+len(r.reasons) == 0 {
				t.Errorf("%s:%d: neither a test nor a reason", name, r.line)
			}
			for _, test := range r.tests {
				if err := exists(t, test); err != nil {
					t.Errorf("%s:%d: %v", name, r.line, err)
				}
			}
		}
	}
}
