package conformance

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const requirements = "rfc6455.txt"

// words is how often Sections 4 to 8 and 10 of RFC 6455 have each of the words
// of RFC 2119, counted by hand. In lower case, "must" counts where it demands
// something. REQUIRED, SHALL and RECOMMENDED are not there.
var words = map[string]int{"MUST": 102, "MUST NOT": 17, "SHOULD": 23, "SHOULD NOT": 4, "must": 8}

// requirementForm is the form of a row: the word, who is bound, and the clause.
var requirementForm = regexp.MustCompile(`^(MUST|MUST NOT|SHOULD|SHOULD NOT|must) +(client|server|both|browser|other)  +"(.+)"$`)

// sectionForm is the form of a title, with the number of each word in the
// section as the RFC has it.
var sectionForm = regexp.MustCompile(`^(\d+(?:\.\d+)*)  (\S.*) \((.+)\)$`)

func TestRequirements(t *testing.T) {
	sections := readTable(t, requirements)
	checkRows(t, requirements, sections)
	total := map[string]int{}
	for _, s := range sections {
		title := sectionForm.FindStringSubmatch(s.title)
		if title == nil {
			t.Fatalf("%s: bad title: %s", requirements, s.title)
		}
		words := map[string]int{}
		for _, r := range s.rows {
			m := requirementForm.FindStringSubmatch(r.text)
			if m == nil {
				t.Fatalf("%s:%d: bad row: %s", requirements, r.line, r.text)
			}
			words[m[1]]++
			total[m[1]]++
		}
		if got := tell(words); got != title[3] {
			t.Errorf("Section %s has %s, want %s", title[1], got, title[3])
		}
	}
	if !maps.Equal(total, words) {
		t.Errorf("the table has %s, the RFC %s", tell(total), tell(words))
	}
}

// tell returns counts as titles have them: "MUST 3, MUST NOT 1".
func tell(counts map[string]int) string {
	var parts []string
	for _, word := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%s %d", word, counts[word]))
	}
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, ", ")
}

var rfc = flag.String("rfc", "", "file with the text of RFC 6455, to look up the quotations in")

// TestQuotations looks the clauses up in the RFC, one after the other, and
// counts its words, if there is a copy of it. Without one it looks only whether
// a clause is there twice.
func TestQuotations(t *testing.T) {
	var text map[string]string
	if *rfc != "" {
		text = readRFC(t, *rfc)
	}
	seen := map[string]bool{}
	for _, s := range readTable(t, requirements) {
		number, _, _ := strings.Cut(s.title, " ")
		rest := text[number]
		if n := len(rfcWord.FindAllString(rest, -1)); text != nil && n != len(s.rows)-count(s, "must") {
			t.Errorf("Section %s has %d rows, the RFC %d words", number, len(s.rows), n)
		}
		for _, r := range s.rows {
			m := requirementForm.FindStringSubmatch(r.text)
			if m == nil {
				t.Fatalf("%s:%d: bad row: %s", requirements, r.line, r.text)
			}
			if key := number + m[3]; seen[key] {
				t.Errorf("%s:%d: a clause for the second time: %s", requirements, r.line, m[3])
			} else {
				seen[key] = true
			}
			_, behind, found := strings.Cut(rest, m[3])
			if text != nil && !found {
				t.Errorf("%s:%d: Section %s does not say, behind the row before: %s", requirements, r.line, number, m[3])
			} else if found {
				rest = behind
			}
		}
	}
}

// count returns how many rows of s have word.
func count(s section, word string) (n int) {
	for _, r := range s.rows {
		if strings.HasPrefix(r.text, word+" ") {
			n++
		}
	}
	return n
}

var (
	rfcWord    = regexp.MustCompile(`\b(MUST|SHALL|SHOULD|REQUIRED|RECOMMENDED)\b`)
	rfcPage    = regexp.MustCompile(`(?m)^(Fette & Melnikov .*|RFC 6455 .*|\f)$`)
	rfcSection = regexp.MustCompile(`(?m)^(\d+(?:\.\d+)*)\.  .*$`)
)

// readRFC returns the sections of the RFC, each on one line.
func readRFC(t *testing.T, file string) map[string]string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := rfcPage.ReplaceAllString(string(content), "")
	sections := map[string]string{}
	titles := rfcSection.FindAllStringSubmatchIndex(text, -1)
	for i, m := range titles {
		end := len(text)
		if i+1 < len(titles) {
			end = titles[i+1][0]
		}
		sections[text[m[2]:m[3]]] = strings.Join(strings.Fields(text[m[1]:end]), " ")
	}
	return sections
}
