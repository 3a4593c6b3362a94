//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"syscall"
	"testing"
	"time"
)

// option returns an option of the socket, read through SyscallConn.
func option(t *testing.T, c *Conn, level, name int) (value int) {
	t.Helper()
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	controlErr := raw.Control(func(fd uintptr) { value, err = syscall.GetsockoptInt(int(fd), level, name) })
	if controlErr != nil || err != nil {
		t.Fatal(controlErr, err)
	}
	return value
}

func TestOptions(t *testing.T) {
	c, peer := pair(t, "tcp")
	for _, on := range []bool{false, true} {
		if err := c.SetNoDelay(on); err != nil {
			t.Error(err)
		}
		if got := option(t, c, syscall.IPPROTO_TCP, syscall.TCP_NODELAY) != 0; got != on {
			t.Errorf("NoDelay is %v", got)
		}
		if err := c.SetKeepAlive(on); err != nil {
			t.Error(err)
		}
		if got := option(t, c, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE) != 0; got != on {
			t.Errorf("KeepAlive is %v", got)
		}
	}
	c.SetReadBuffer(20000)
	c.SetWriteBuffer(30000)
	if r, w := option(t, c, syscall.SOL_SOCKET, syscall.SO_RCVBUF), option(t, c, syscall.SOL_SOCKET, syscall.SO_SNDBUF); r < 20000 || r > 40000 || w < 30000 || w > 60000 {
		t.Errorf("buffers are %d and %d", r, w)
	}
	c.SetLinger(-1)
	c.SetLinger(0)
	c.Close()
	if _, err := peer.Read(make([]byte, 1)); err == nil || err.Error() == "EOF" {
		t.Errorf("the peer reads %v, want a reset", err)
	}
}

// TestRawRead has a function of the caller's read, which may leave something.
func TestRawRead(t *testing.T) {
	c, peer := pair(t, "tcp")
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	tries := 0
	got := make([]byte, 2)
	go func() {
		awaitWaiting(c, readLate, 1)
		peer.Write([]byte("Hello"))
	}()
	err = raw.Read(func(fd uintptr) (done bool) {
		tries++
		_, err := read(int(fd), got)
		return err != syscall.EAGAIN
	})
	if err != nil || string(got) != "He" || tries < 2 {
		t.Errorf("%q in %d tries, %v", got, tries, err)
	}
	release := stopPoller(t, c)
	defer release()
	wantRead(t, c, 8, "llo")
}

// TestRawWrite has a function of the caller's write, and wait for the peer.
func TestRawWrite(t *testing.T) {
	c, peer := pair(t, "tcp")
	taken := fill(t, c)
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		awaitWaiting(c, writeLate, 1)
		for left := taken; left > 0; {
			n, err := peer.Read(make([]byte, 64<<10))
			if err != nil {
				return
			}
			left -= n
		}
	}()
	var n int
	err = raw.Write(func(fd uintptr) (done bool) {
		n, err = write(int(fd), []byte("Hello"), 0)
		return err != syscall.EAGAIN
	})
	if err != nil || n != 5 {
		t.Error(n, err)
	}
}

// TestRawLeaves has a function leave what there is to another goroutine, which waits
// meanwhile and of which the poller has nothing to tell.
func TestRawLeaves(t *testing.T) {
	c, peer := pair(t, "tcp")
	peer.Write([]byte("Hello"))
	arrived(t, c, 5)
	release := stopPoller(t, c)
	defer release()
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	woken := make(chan error, 1)
	raw.Read(func(uintptr) bool {
		c.SetReadDeadline(time.Now().Add(patience))
		go func() { woken <- c.AwaitRead() }()
		awaitWaiting(c, readLate, 1)
		return true
	})
	if err := <-woken; err != nil {
		t.Error(err)
	}
}

// TestRawWriteTries has the socket be full and one event say that it is not. The function
// is tried once more for it, and not again.
func TestRawWriteTries(t *testing.T) {
	c, _ := pair(t, "tcp")
	fill(t, c)
	release := stopPoller(t, c)
	defer release()
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	second := make(chan bool)
	go func() {
		<-second
		awaitWaiting(c, writeLate, 1)
		c.SetWriteDeadline(time.Unix(1, 0))
	}()
	tries := 0
	raw.Write(func(uintptr) bool {
		switch tries++; tries {
		case 1:
			c.happened(event{writable: true})
		case 2:
			close(second)
		}
		return tries == 1000
	})
	if tries != 2 {
		t.Errorf("%d tries, want 2", tries)
	}
}

// TestRawWriteAlone has a TryWrite come while a function writes, which must not have its
// bytes come in between.
func TestRawWriteAlone(t *testing.T) {
	c, _ := pair(t, "tcp")
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Write(func(uintptr) bool {
		if n, err := c.TryWrite([]byte("x")); n != 0 || err != nil {
			t.Errorf("TryWrite returns %d, %v", n, err)
		}
		return true
	})
}

// TestRawPanic has the function panic, which must not leave the Conn locked or open.
func TestRawPanic(t *testing.T) {
	c, _ := pair(t, "tcp")
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	panics := func(uintptr) bool { panic("the caller's") }
	for _, call := range []func(){
		func() { raw.Control(func(uintptr) { panic("the caller's") }) },
		func() { raw.Read(panics) },
		func() { raw.Write(panics) },
	} {
		func() {
			defer func() { recover() }()
			call()
			t.Error("no panic")
		}()
	}
	if _, err := c.Write([]byte("x")); err != nil {
		t.Error(err)
	}
	c.Close()
	if c.socketName() != nil {
		t.Error("the descriptor is still open")
	}
}
