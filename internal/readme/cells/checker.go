package cells

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// A Checker type-checks code that uses some packages.
type Checker struct {
	imports  string // declarations
	fset     *token.FileSet
	importer types.Importer
}

// NewChecker returns a Checker for code that may use the packages, which the go command builds in the current folder.
func NewChecker(packages ...string) (*Checker, error) {
	list := exec.Command("go", append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, packages...)...)
	var stderr bytes.Buffer
	list.Stderr = &stderr
	output, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, stderr.Bytes())
	}
	files := make(map[string]string)
	for line := range strings.Lines(string(output)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file
	}
	c := &Checker{fset: token.NewFileSet()}
	c.importer = importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, fmt.Errorf("%s is not among the packages", path)
		}
		return os.Open(files[path])
	})
	for _, path := range packages {
		c.imports += "import " + strconv.Quote(path) + "\n"
	}
	return c, nil
}

// Check returns what is wrong with code in the scope of some declarations. Unused variables and imports are not.
func (c *Checker) Check(scope, code string) error {
	if path, ok := strings.CutPrefix(code, "import "); ok {
		path, err := strconv.Unquote(path)
		if err != nil {
			return err
		}
		_, err = c.importer.Import(path)
		return err
	}
	file := func(body string) string {
		return "package p\n" + c.imports + scope + "\nfunc _() (err error) {\n" + body + "\nreturn\n}\n"
	}
	expr, err := parser.ParseExpr(code)
	if _, isCall := expr.(*ast.CallExpr); err != nil || isCall {
		_, _, err := c.check(file(code))
		return err
	}
	pkg, end, err := c.check(file(""))
	if err != nil {
		return fmt.Errorf("scope: %w", err)
	}
	return types.CheckExpr(c.fset, pkg, end, expr, nil)
}

// check returns the package of a file, and the end of its last function.
func (c *Checker) check(source string) (*types.Package, token.Pos, error) {
	f, err := parser.ParseFile(c.fset, "cell", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, token.NoPos, err
	}
	var faults []error
	config := types.Config{
		Importer: c.importer,
		Error: func(err error) {
			var e types.Error
			if !errors.As(err, &e) || !e.Soft {
				faults = append(faults, err)
			}
		},
	}
	pkg, _ := config.Check("p", c.fset, []*ast.File{f}, nil)
	return pkg, f.Decls[len(f.Decls)-1].End() - 1, errors.Join(faults...)
}
