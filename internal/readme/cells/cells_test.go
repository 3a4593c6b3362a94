package cells

import (
	"reflect"
	"strings"
	"testing"
)

func TestTables(t *testing.T) {
	const text = "before\n\n```go\nvar (\n\tn int\n)\n```\n\n```go\nfunc f() {}\n```\n\n" +
		"| a | here |\n|---|---|\n| `x \\| y` and `z` | `n` |\n\n" +
		"```\n| no table |\n```\n\n| b |\n|---|\n| |\n"
	want := []Table{
		{"var (\n\tn int\n)\n", []string{"a", "here"}, []Row{{15, []string{"`x | y` and `z`", "`n`"}}}},
		{"var (\n\tn int\n)\n", []string{"b"}, nil},
	}
	got := Tables(text)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v, want\n%+v", got, want)
	}
	if spans := Spans(got[0].Rows[0].Cells[0]); !reflect.DeepEqual(spans, []string{"x | y", "z"}) {
		t.Errorf("spans %q", spans)
	}
}

func TestCheck(t *testing.T) {
	c, err := NewChecker("io", "time", "net/http")
	if err != nil {
		t.Fatal(err)
	}
	const scope = "var (\n\tn int\n\tr io.Reader\n)\n"
	for _, code := range []string{
		`n`, `n + 1`, `n = 2`, `n++; n--`, `*http.Request`, `[]byte`, `http.Header{"A": {"b"}}`, `&http.Server{}`,
		`io.ReadAll(r)`, `p, err := io.ReadAll(r)`, `if err != nil { return err }`, `if err != nil { return }`,
		`time.Sleep(time.Second)`, `import "net/http"`, `func(n int) {}`, `go func() { n++ }()`,
	} {
		if err := c.Check(scope, code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
	for code, want := range map[string]string{
		`m`:                           "undefined: m",
		`http.Nonsense`:               "undefined: http.Nonsense",
		`&http.Server{Nonsense: 1}`:   "unknown field Nonsense",
		`io.ReadAll(r, r)`:            "too many arguments",
		`m, err := io.Copy(r, r)`:     "missing method Write",
		`n = r`:                       "cannot use r",
		`n n`:                         "expected",
		`import "net/nonsense"`:       "not among the packages",
		`n == 1; io.ReadAll(r)`:       "not used",
		`p, err := io.ReadAll(r); p.`: "expected",
	} {
		if err := c.Check(scope, code); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", code, err, want)
		}
	}
	if err := c.Check("var n nonsense\n", "n + 1"); err == nil || !strings.HasPrefix(err.Error(), "scope: ") {
		t.Errorf("a bad scope: %v", err)
	}
}
