// Package readme checks that the Go code in the Markdown of this repository compiles: its blocks, and the code spans in
// the last column of tables that is headed "here".
package readme

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	// These make go test run the tests again when the library has changed.
	_ "resty.websocket/client"
	_ "resty.websocket/server"
)

var (
	block   = regexp.MustCompile("(?sm)^```go\n(.*?)^```$")
	comment = regexp.MustCompile("//.*")
)

// TestCode compiles and vets the Go code that each file of Markdown shows. The code uses this module and the standard
// library alone, also in the folder of a nested module.
func TestCode(t *testing.T) {
	packages := make(map[string]string)
	for _, file := range markdown(t) {
		for i, b := range shown(t, file) {
			packages[fmt.Sprintf("%s/block%d", file, i)] = whole(b)
		}
	}
	if len(packages) == 0 {
		t.Fatal("no Go code is found")
	}
	if report, err := vet(t, packages); err != nil {
		t.Errorf("%v\n%s", err, report)
	}
}

// root is the folder of the repository.
const root = "../.."

// markdown returns the paths of the repository's files of Markdown.
func markdown(t *testing.T) (files []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return fs.SkipDir
		case strings.HasSuffix(path, ".md"):
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// shown returns the Go code that a file shows.
func shown(t *testing.T, file string) (blocks []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range block.FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, b[1])
	}
	if len(blocks) != strings.Count(string(text), "```go") {
		t.Fatalf("%s: %d blocks of Go are found, which is not all of them", file, len(blocks))
	}
	return blocks
}

// TestBrokenCode checks that vet finds the mistakes that a README might make.
func TestBrokenCode(t *testing.T) {
	tests := []struct{ name, code, says string }{
		{"syntax", "func f() {", "expected '}'"},
		{"name", "var o = server.Options{Nonsense: 1}", "unknown field Nonsense"},
		{"unused", "func f() { c := frame.Close }", "declared and not used: c"},
		{"format", "func f() { log.Printf(\"%d\", \"\") }", "wrong type"},
	}
	packages := make(map[string]string)
	for _, tt := range tests {
		packages[tt.name] = whole(tt.code)
	}
	report, err := vet(t, packages)
	if err == nil {
		t.Errorf("nothing is wrong, says go vet: %s", report)
	}
	for _, tt := range tests {
		mistake := regexp.MustCompile(fmt.Sprintf(`\b%s/%s:\d+:\d+: .*%s`, tt.name, fileName, tt.says))
		if !mistake.MatchString(report) {
			t.Errorf("%s: nothing matches %v in\n%s", tt.name, mistake, report)
		}
	}
}

// imports are the packages that code without imports of its own may use.
var imports = []string{
	"bufio", "bytes", "context", "crypto/tls", "encoding/json", "errors", "io", "log", "net", "net/http", "net/url", "os", "sync", "syscall", "time",
	"resty.websocket/client", "resty.websocket/frame", "resty.websocket/handshake", "resty.websocket/server",
}

// whole returns code as a file. Code without a package clause gets one, and the
// imports that it uses.
func whole(code string) string {
	if strings.HasPrefix(code, "package ") {
		return code
	}
	lines := []string{"package shown"}
	uncommented := comment.ReplaceAllString(code, "")
	for _, p := range imports {
		if regexp.MustCompile(`\b` + path.Base(p) + `\.`).MatchString(uncommented) {
			lines = append(lines, "import "+strconv.Quote(p))
		}
	}
	return strings.Join(append(lines, code), "\n")
}

// fileName is the name of the only file of each package that vet makes.
const fileName = "shown.go"

// vet runs go vet once for packages of a new module, which requires this one as the
// README's section Import says. The keys of packages are folders, the values are
// source text. A type error in a package does not keep go vet from the others, and
// neither does a syntax error.
func vet(t *testing.T, packages map[string]string) (report string, err error) {
	t.Helper()
	return run(module(t, packages), "vet", "./...")
}

// module makes the module of vet, and returns its folder.
func module(t *testing.T, packages map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.mod"), "module shown\n\ngo 1.25.0\n")
	for name, source := range packages {
		write(t, filepath.Join(dir, name, fileName), source)
	}
	if report, err := run(dir, "mod", "edit", "-require=resty.websocket@v0.0.0", "-replace=resty.websocket="+here); err != nil {
		t.Fatalf("%v\n%s", err, report)
	}
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs a go command in dir, and returns its output.
func run(dir string, args ...string) (output string, err error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	both, err := cmd.CombinedOutput()
	return string(both), err
}
