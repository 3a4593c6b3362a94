// Package readme holds the README to its word.
package readme

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

var program = regexp.MustCompile("(?s)```go\n(package main\n.*?)```")

// TestPrograms builds the programs that the README shows.
func TestPrograms(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	programs := program.FindAllSubmatch(text, -1)
	if len(programs) == 0 {
		t.Fatal("the README shows no program")
	}
	for i, p := range programs {
		t.Run(strconv.Itoa(i), func(t *testing.T) { build(t, p[1]) })
	}
}

// build builds source as a program of this module.
func build(t *testing.T, source []byte) {
	dir := t.TempDir()
	file := filepath.Join(dir, "main.go")
	if err := os.WriteFile(file, source, 0o600); err != nil {
		t.Fatal(err)
	}
	output, err := exec.Command("go", "build", "-o", filepath.Join(dir, "program"), file).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}
