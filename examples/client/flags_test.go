package main

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

// The usage describes each flag, and no other.
func TestUsage(t *testing.T) {
	set := flag.NewFlagSet("client", flag.ContinueOnError)
	new(flags).define(set)
	new(tlsFlags).define(set)
	described := make(map[string]bool)
	for _, line := range regexp.MustCompile(`(?m)^  -.*?(  |$)`).FindAllString(usage, -1) {
		for _, name := range regexp.MustCompile(`-(\w+)\b`).FindAllStringSubmatch(line, -1) {
			described[name[1]] = true
			if set.Lookup(name[1]) == nil {
				t.Errorf("there is no flag -%s", name[1])
			}
		}
	}
	set.VisitAll(func(f *flag.Flag) {
		if !described[f.Name] {
			t.Errorf("the usage does not describe -%s", f.Name)
		}
	})
	for line := range strings.SplitSeq(usage, "\n") {
		if len(line) > 90 {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
}

// The usage and the doc comment describe the exit statuses in the same words.
func TestStatuses(t *testing.T) {
	source, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	doc := words(regexp.MustCompile(`(?m)^//\t?`).ReplaceAllString(string(source), ""))
	_, statuses, ok := strings.Cut(usage, "The exit status tells")
	if statuses = words(statuses); !ok || !strings.Contains(doc, statuses) {
		t.Errorf("the doc comment does not say %q", statuses)
	}
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }
