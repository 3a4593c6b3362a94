package wiretest

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"testing/synctest"
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

// A recorder is a test that only notes what would happen to it.
type recorder struct {
	testing.TB
	cleanup func()
	failed  string
}

func (r *recorder) Helper()                        {}
func (r *recorder) Cleanup(f func())               { r.cleanup = f }
func (r *recorder) Errorf(format string, a ...any) { r.failed = fmt.Sprintf(format, a...) }

func TestNoLeaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // for settle not to take long
		release := make(chan bool)
		go func() { <-release }()
		r := new(recorder)
		NoLeaks(r)
		if r.cleanup(); r.failed != "" {
			t.Errorf("what was there before is reported: %s", r.failed)
		}
		go blockHere(release)
		if r.cleanup(); !strings.Contains(r.failed, "blockHere") {
			t.Errorf("reported: %q", r.failed)
		}
		close(release)
	})
}

func TestLeaksDescriptor(t *testing.T) {
	if len(openDescriptors()) == 0 {
		t.Log("this system does not list its descriptors: nothing to check")
		return
	}
	before := openDescriptors()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if got := added(openDescriptors(), before); len(got) != 1 || !strings.HasPrefix(got[0], "descriptor socket:") {
		t.Errorf("an open socket is reported as %q", got)
	}
	l.Close()
	if got := added(openDescriptors(), before); len(got) != 0 {
		t.Errorf("a closed socket is reported as %q", got)
	}
}
