package reconnect

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestPage runs the tests of reconnect.mjs in Node.js. They are skipped if it is absent, unless the environment has INTEROP=1.
func TestPage(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil && os.Getenv("INTEROP") != "1" {
		t.Skip("there is no node")
	}
	source, err := os.ReadFile("reconnect_test.mjs")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("reconnect.mjs"); err != nil { // so that go test knows it as an input
		t.Fatal(err)
	}
	output, err := exec.CommandContext(t.Context(), node, "reconnect_test.mjs").CombinedOutput()
	want := len(regexp.MustCompile(`(?m)^\t\w+\(\) {$`).FindAll(source, -1))
	if got := strings.Count(string(output), "ok "); err != nil || got != want {
		t.Errorf("%v, %d of %d tests:\n%s", err, got, want, output)
	}
}
