// Package readme holds the README to its word.
package readme

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	block   = regexp.MustCompile("(?sm)^```go\n(.*?)^```$")
	comment = regexp.MustCompile("//.*")
)

// TestCode compiles and vets the Go code that the README shows.
func TestCode(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := block.FindAllStringSubmatch(string(text), -1)
	if len(blocks) != strings.Count(string(text), "```go") || len(blocks) == 0 {
		t.Fatalf("%d blocks of Go are found, which is not all of them", len(blocks))
	}
	for i, b := range blocks {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			if err := vet(t, whole(b[1])); err != "" {
				t.Error(err)
			}
		})
	}
}

// TestBrokenCode has the check find what a README might get wrong.
func TestBrokenCode(t *testing.T) {
	for _, tt := range []struct{ name, code, says string }{
		{"syntax", "func f() {", "expected '}'"},
		{"name", "var o = server.Options{Nonsense: 1}", "unknown field Nonsense"},
		{"unused", "func f() { c := frame.Close }", "declared and not used: c"},
		{"format", "func f() { log.Printf(\"%d\", \"\") }", "wrong type"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := vet(t, whole(tt.code)); !strings.Contains(got, tt.says) {
				t.Errorf("found %q, want %q", got, tt.says)
			}
		})
	}
}

// imports are the packages that code without imports of its own may use.
var imports = []string{
	"context", "log",
	"resty.websocket/client", "resty.websocket/frame", "resty.websocket/handshake", "resty.websocket/server",
}

// whole returns code as a file: as it is if it says its package, else with a package and the imports that it uses.
func whole(code string) string {
	if strings.HasPrefix(code, "package ") {
		return code
	}
	lines := []string{"package shown"}
	uncommented := comment.ReplaceAllString(code, "")
	for _, p := range imports {
		if strings.Contains(uncommented, path.Base(p)+".") {
			lines = append(lines, "import "+strconv.Quote(p))
		}
	}
	return strings.Join(append(lines, code), "\n")
}

// vet returns what is wrong with a file of a package that may use this module.
func vet(t *testing.T, source string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "shown.go")
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	output, err := exec.Command("go", "vet", file).CombinedOutput()
	if err != nil {
		return err.Error() + "\n" + string(output)
	}
	return ""
}
