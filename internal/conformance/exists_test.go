package conformance

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"resty.websocket/internal/wiretest"
)

// A suite is the source of a package's tests.
type suite struct {
	decls    map[string][]ast.Node      // at the top level of its files, by name
	literals map[string]map[string]bool // of a test: see names
}

var suites = map[string]*suite{} // by the package's folder

// exists reports, as an error, that there is no such test: package and name
// with a space between. A subtest is known by its name's being written down, as
// a string, somewhere that its test leads to: in its own body, in a table or a
// function that it names, in the vectors if it reads them. A name stands for
// all subtests below it.
func exists(t *testing.T, test string) error {
	t.Helper()
	folder, name, _ := strings.Cut(test, " ")
	if suites[folder] == nil {
		suites[folder] = parseSuite(t, folder)
	}
	s := suites[folder]
	name, subtest, isSubtest := strings.Cut(name, "/")
	if len(s.decls[name]) == 0 {
		return fmt.Errorf("no such test in %s: %s", folder, name)
	}
	if isSubtest && !spells(s.names(t, name), subtest) {
		return fmt.Errorf("no such subtest of %s in %s: %s", name, folder, subtest)
	}
	return nil
}

// parseSuite parses all files of tests in a folder, whatever system they are
// for.
func parseSuite(t *testing.T, folder string) *suite {
	t.Helper()
	s := &suite{map[string][]ast.Node{}, map[string]map[string]bool{}}
	files, err := filepath.Glob(filepath.Join("../..", folder, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s: %v", folder, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			s.add(d)
		}
	}
	return s
}

// add adds a declaration by the names that it declares.
func (s *suite) add(d ast.Decl) {
	if f, ok := d.(*ast.FuncDecl); ok {
		s.decls[f.Name.Name] = append(s.decls[f.Name.Name], f)
		return
	}
	for _, spec := range d.(*ast.GenDecl).Specs {
		if v, ok := spec.(*ast.ValueSpec); ok {
			for _, name := range v.Names {
				s.decls[name.Name] = append(s.decls[name.Name], v)
			}
		}
	}
}

// names returns all strings that the test leads to, as testing writes them:
// with an underscore for each space.
func (s *suite) names(t *testing.T, test string) map[string]bool {
	t.Helper()
	if s.literals[test] != nil {
		return s.literals[test]
	}
	found := map[string]bool{}
	s.literals[test] = found
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		for _, decl := range s.decls[name] {
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					visit(n.Name)
				case *ast.BasicLit:
					if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
						found[strings.ReplaceAll(text, " ", "_")] = true
					}
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && x.Name == "wiretest" && n.Sel.Name == "Vectors" {
						maps.Copy(found, vectorNames(t))
					}
				}
				return true
			})
		}
	}
	visit(test)
	return found
}

var vectors = map[string]bool{} // the names of all, once they have been read

func vectorNames(t *testing.T) map[string]bool {
	t.Helper()
	if len(vectors) == 0 {
		for _, v := range wiretest.Vectors(t) {
			vectors[v.Name] = true
		}
	}
	return vectors
}

// spells reports whether path is one of names, the beginning of one that goes
// on behind a slash, or several one after the other with slashes between.
func spells(names map[string]bool, path string) bool {
	for name := range names {
		name = strings.TrimSuffix(name, "/")
		if name == "" {
			continue
		}
		if name == path || strings.HasPrefix(name, path+"/") {
			return true
		}
		if rest, ok := strings.CutPrefix(path, name+"/"); ok && spells(names, rest) {
			return true
		}
	}
	return false
}

// TestExists makes sure that what is not there is not found.
func TestExists(t *testing.T) {
	for _, tt := range []struct {
		name, test string
		want       bool
	}{
		{"test", "internal/conformance TestExists", true},
		{"subtest", "internal/conformance TestExists/subtest", true},
		{"subtest with spaces", "internal/conformance TestExists/subtest_with_spaces", true},
		{"two/levels", "internal/conformance TestExists/two/levels", true},
		{"levels above", "internal/conformance TestExists/two", true},
		{"levels joined", "internal/conformance TestExists/two/levels/subtest", true},
		{"table elsewhere", "internal/conformance TestRequirements/MUST", true},
		{"vector", "frame TestReaderVectors/5.7/single_frame_masked_text_message/to_server", true},
		{"no test", "internal/conformance Test" + "Nothing", false},
		{"no subtest", "internal/conformance TestExists/no" + "thing", false},
		{"half a name", "internal/conformance TestExists/subtest_with", false},
		{"no vector", "frame TestReaderVectors/5.7/single_frame_masked_text_message/to_nobody", false},
		{"no vectors", "frame TestRole/5.7/single_frame_masked_text_message", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := exists(t, tt.test); (err == nil) != tt.want {
				t.Errorf("%s: %v", tt.test, err)
			}
		})
	}
}
