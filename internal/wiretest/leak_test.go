package wiretest

import (
	"os"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { Main(m) }

// blockHere waits until release is closed. Its name is what the check has to
// show.
func blockHere(release <-chan bool) { <-release }

func TestLeaksGoroutine(t *testing.T) {
	release := make(chan bool)
	go blockHere(release)
	shown := func() []string {
		if strings.Contains(strings.Join(strayGoroutines(), "\n"), "blockHere") {
			return nil
		}
		return []string{"not shown"}
	}
	if settle(shown) != nil {
		t.Error("the goroutine is not reported")
	}
	close(release)
	if left := settle(strayGoroutines); len(left) > 0 {
		t.Errorf("reported after its end: %s", left)
	}
}

func TestLeaksDescriptor(t *testing.T) {
	if len(openDescriptors()) == 0 {
		t.Log("this system does not list its descriptors: nothing to check")
		return
	}
	before := openDescriptors()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if got := added(openDescriptors(), before); len(got) != 2 || !strings.HasPrefix(got[0], "descriptor pipe:") {
		t.Errorf("two open pipes are reported as %q", got)
	}
	r.Close()
	w.Close()
	if got := added(openDescriptors(), before); len(got) != 0 {
		t.Errorf("closed pipes are reported as %q", got)
	}
}
