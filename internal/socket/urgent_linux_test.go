package socket

import (
	"net"
	"syscall"
	"testing"
)

// sendUrgent sends b as urgent data of a peer.
func sendUrgent(t *testing.T, peer net.Conn, b string) {
	t.Helper()
	raw, err := peer.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var sendErr error
	raw.Write(func(fd uintptr) bool {
		_, sendErr = syscall.SendmsgN(int(fd), []byte(b), nil, nil, syscall.MSG_OOB)
		return true
	})
	if sendErr != nil {
		t.Fatal(sendErr)
	}
}

// readAll reads until there are n bytes.
func readAll(t *testing.T, c *Conn, n int) string {
	t.Helper()
	var all string
	for len(all) < n {
		part, err := tryRead(t, c, 64)
		if err != nil {
			t.Fatal(err)
		}
		all += part
	}
	return all
}

// TestUrgentData has urgent data come between ordinary data: before any is read, or with
// a read in between. A read ends at it, and must not be taken for one that has emptied
// the socket.
func TestUrgentData(t *testing.T) {
	for _, readBefore := range []bool{false, true} {
		c, peer := pair(t, "tcp")
		peer.Write([]byte("abc"))
		if readBefore {
			wantRead(t, c, 64, "abc")
		}
		sendUrgent(t, peer, "X")
		peer.Write([]byte("def"))
		for n, err := 0, error(nil); n == 0 && err == nil; {
			// The urgent byte is last of three segments but one.
			n, _, err = syscall.Recvfrom(int(c.fd), make([]byte, 1), syscall.MSG_OOB|syscall.MSG_PEEK)
			if err == syscall.EINVAL || err == syscall.EAGAIN {
				err = nil
			}
		}
		stopPoller(t, c)()
		want := "abcdef"
		if readBefore {
			want = "def"
		}
		if got := readAll(t, c, len(want)); got != want {
			t.Errorf("read %q, want %q", got, want)
		}
		// The next short read is trusted again when one has found nothing.
		tryWouldBlock(t, c)
		peer.Write([]byte("ghi"))
		wantRead(t, c, 64, "ghi")
		if got := c.flags() & (readable | doubtful); got != 0 {
			t.Errorf("flags %b are left after a short read", got)
		}
	}
}

func (c *Conn) flags() state {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// TestPassedDescriptors has the peer of a Unix socket pass descriptors, behind each of
// which a read ends.
func TestPassedDescriptors(t *testing.T) {
	c, peer := pair(t, "unix")
	unix := peer.(*net.UnixConn)
	for _, part := range []string{"abc", "def"} {
		if _, _, err := unix.WriteMsgUnix([]byte(part), syscall.UnixRights(1), nil); err != nil {
			t.Fatal(err)
		}
	}
	stopPoller(t, c)()
	wantRead(t, c, 64, "abc")
	wantRead(t, c, 64, "def")
}
