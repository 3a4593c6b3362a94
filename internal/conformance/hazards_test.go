package conformance

import (
	"fmt"
	"regexp"
	"testing"
)

const hazards = "hazards.txt"

// hazardSection is the form of a title: "Frames (22)", with the number of rows.
var hazardSection = regexp.MustCompile(`^(\S.*) \((\d+)\)$`)

func TestHazards(t *testing.T) {
	sections := readTable(t, hazards)
	checkRows(t, hazards, sections)
	if len(sections) == 0 {
		t.Errorf("%s is empty", hazards)
	}
	for _, s := range sections {
		m := hazardSection.FindStringSubmatch(s.title)
		if m == nil {
			t.Errorf("%s: bad title: %s", hazards, s.title)
			continue
		}
		if got := fmt.Sprint(len(s.rows)); got != m[2] {
			t.Errorf("%s has %s rows, want %s", m[1], got, m[2])
		}
	}
}
