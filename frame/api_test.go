package frame

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// maxNames is how many names the package may export, fields and methods aside.
const maxNames = 60

func TestExportedNames(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	var names []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range f.Decls {
			names = append(names, exportedNames(decl)...)
		}
	}
	if len(names) > maxNames {
		slices.Sort(names)
		t.Errorf("%d exported names, want %d at most: %v", len(names), maxNames, names)
	}
	for _, name := range []string{"Opcode", "StatusGoingAway", "ErrUnmasked", "NewReader"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is not counted", name)
		}
	}
}

// exportedNames returns the exported names that decl declares.
func exportedNames(decl ast.Decl) (names []string) {
	add := func(ids ...*ast.Ident) {
		for _, id := range ids {
			if id.IsExported() {
				names = append(names, id.Name)
			}
		}
	}
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv == nil {
			add(decl.Name)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				add(spec.Name)
			case *ast.ValueSpec:
				add(spec.Names...)
			}
		}
	}
	return names
}
