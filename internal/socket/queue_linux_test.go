package socket

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestCloseInherited closes a Conn of which another descriptor is open, as one that a
// child process has inherited. The kernel would go on to tell of it.
func TestCloseInherited(t *testing.T) {
	c, _ := pair(t, "tcp")
	pair(t, "tcp") // so that the poller stays
	other, err := syscall.Dup(int(c.fd))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(other)
	registered := func() bool {
		info, err := os.ReadFile(fmt.Sprintf("/proc/self/fdinfo/%d", pollerOf(int(c.fd)).queue.fd))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(info)) {
			if f := strings.Fields(line); len(f) > 1 && f[0] == "tfd:" && f[1] == fmt.Sprint(c.fd) {
				return true
			}
		}
		return false
	}
	if !registered() {
		t.Fatal("the kernel does not list the socket: nothing is tested")
	}
	c.Close()
	if registered() {
		t.Error("the socket is still registered")
	}
}
