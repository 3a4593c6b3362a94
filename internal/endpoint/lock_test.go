package endpoint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// unguarded are the fields of receiver and sender that do not need the lock: they
// never change, or have rules of their own.
var unguarded = map[string][]string{
	"receiver": {"mu", "sender"},
	"sender":   {"mu", "socket"}, // the goroutine that has the turn uses writer
}

// TestLockRule has each method of receiver and sender that touches what the lock
// guards check that it is held, or take it.
func TestLockRule(t *testing.T) {
	files := parsePackage(t)
	guarded := map[string][]string{}
	for _, f := range files {
		for name := range unguarded {
			guarded[name] = append(guarded[name], fieldsOf(f, name)...)
		}
	}
	methods := 0
	for _, f := range files {
		for _, d := range f.Decls {
			method, ok := d.(*ast.FuncDecl)
			if !ok || method.Recv == nil || len(method.Recv.List[0].Names) == 0 {
				continue
			}
			of, ok := method.Recv.List[0].Type.(*ast.StarExpr)
			if !ok || guarded[of.X.(*ast.Ident).Name] == nil {
				continue
			}
			methods++
			own := method.Recv.List[0].Names[0].Name
			touched := selected(method.Body, own)
			touched = slices.DeleteFunc(touched, func(field string) bool {
				return !slices.Contains(guarded[of.X.(*ast.Ident).Name], field)
			})
			if len(touched) > 0 && !locks(method.Body, own) {
				t.Errorf("%s touches %v and does not call mu.assertHeld", method.Name.Name, touched)
			}
		}
	}
	if methods < 20 {
		t.Errorf("%d methods are found", methods)
	}
}

// parsePackage returns the files of the package that are no tests.
func parsePackage(t *testing.T) (files []*ast.File) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// fieldsOf returns the names of the guarded fields of a struct, if f declares it.
func fieldsOf(f *ast.File, name string) (fields []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != name {
			return true
		}
		for _, field := range spec.Type.(*ast.StructType).Fields.List {
			for _, id := range field.Names {
				if !slices.Contains(unguarded[name], id.Name) {
					fields = append(fields, id.Name)
				}
			}
		}
		return false
	})
	return fields
}

// selected returns what body selects of the variable called name.
func selected(body ast.Node, name string) (names []string) {
	ast.Inspect(body, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == name {
				names = append(names, s.Sel.Name)
			}
		}
		return true
	})
	return names
}

// locks reports whether body calls mu.assertHeld or mu.Lock of the variable called
// name.
func locks(body ast.Node, name string) (does bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if ok && (s.Sel.Name == "assertHeld" || s.Sel.Name == "Lock") && slices.Equal(selected(s.X, name), []string{"mu"}) {
			does = true
		}
		return true
	})
	return does
}
