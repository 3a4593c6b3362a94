//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"errors"
	"net"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resty.websocket/internal/wiretest"
)

// A counter is a Parker that counts.
type counter struct{ woken atomic.Int32 }

func (c *counter) Wake() { c.woken.Add(1) }

// waiting returns how many goroutines wait for a direction of c.
func waiting(c *Conn, late state) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.reader
	if late == writeLate {
		all = nil
		if c.rare != nil {
			all = c.rare.writer
		}
	}
	for all != nil {
		w, ok := all.(*waiter)
		if !ok {
			break
		}
		n++
		all = w.next
	}
	return n
}

// awaitWaiting waits until n goroutines wait for a direction of c.
func awaitWaiting(c *Conn, late state, n int) {
	for waiting(c, late) < n {
		runtime.Gosched()
	}
}

// park parks c, which may be told of something that is read already.
func park(t *testing.T, c *Conn, p Parker) {
	t.Helper()
	for !c.Park(p) {
		tryWouldBlock(t, c)
	}
}

func tryWouldBlock(t *testing.T, c *Conn) {
	t.Helper()
	if n, err := c.TryRead(make([]byte, 64)); n != 0 || err != ErrWouldBlock {
		t.Fatalf("%d, %v, want ErrWouldBlock", n, err)
	}
}

// fill writes until the kernel takes no more.
func fill(t *testing.T, c *Conn) (written int) {
	t.Helper()
	p := make([]byte, 1<<20)
	for {
		n, err := c.TryWrite(p)
		written += n
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return written
		}
	}
}

// ends are what wakes all that wait for c, and what they return then.
var ends = map[string]struct {
	end  func(*Conn) error
	want error
}{
	"close":    {(*Conn).Close, net.ErrClosed},
	"deadline": {func(c *Conn) error { return c.SetDeadline(time.Now().Add(-1)) }, os.ErrDeadlineExceeded},
}

// TestEndWakes has goroutines in each call that waits, and a Parker.
func TestEndWakes(t *testing.T) {
	for name, tt := range ends {
		for _, network := range networks {
			t.Run(name+"/"+network, func(t *testing.T) {
				c, _ := pair(t, network)
				tryWouldBlock(t, c)
				fill(t, c)
				stopPoller(t, c)()
				var parked counter
				park(t, c, &parked)
				raw, _ := c.SyscallConn()
				var calls sync.WaitGroup
				for _, call := range []func() error{
					func() error { _, err := c.Read(make([]byte, 1)); return err },
					func() error { return raw.Read(func(uintptr) bool { return false }) },
					c.AwaitRead,
					c.AwaitRead,
					func() error { _, err := c.Write(make([]byte, 1<<20)); return err },
					func() error { _, err := c.Write(make([]byte, 1<<20)); return err },
					func() error { return raw.Write(func(uintptr) bool { return false }) },
					func() error { _, err := c.WriteBuffers([][]byte{make([]byte, 1<<20)}); return err },
				} {
					calls.Go(func() {
						if err := call(); !errors.Is(err, tt.want) {
							t.Errorf("%v, want %v", err, tt.want)
						}
					})
				}
				awaitWaiting(c, readLate, 4)
				awaitWaiting(c, writeLate, 4)
				if err := tt.end(c); err != nil {
					t.Error(err)
				}
				calls.Wait()
				if c.Park(&parked) {
					t.Error("parked after the end")
				}
				c.Close()
				if n := parked.woken.Load(); n != 1 {
					t.Errorf("the Parker was woken %d times", n)
				}
			})
		}
	}
}

// TestClosed has each method of a closed Conn called.
func TestClosed(t *testing.T) {
	for _, network := range networks {
		c, _ := pair(t, network)
		local, remote := c.LocalAddr().String(), c.RemoteAddr().String()
		raw, _ := c.SyscallConn()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		again := func(uintptr) bool { panic("called") }
		for name, call := range map[string]func() error{
			"Read":         func() error { _, err := c.Read(make([]byte, 1)); return err },
			"Read nothing": func() error { _, err := c.Read(nil); return err },
			"TryRead":      func() error { _, err := c.TryRead(make([]byte, 1)); return err },
			"AwaitRead":    c.AwaitRead,
			"Write":        func() error { _, err := c.Write(make([]byte, 1)); return err },
			"TryWrite":     func() error { _, err := c.TryWrite(make([]byte, 1)); return err },
			"WriteBuffers": func() error { _, err := c.WriteBuffers(nil); return err },
			"Close":        c.Close,
			"CloseWrite":   c.CloseWrite,
			"SetDeadline":  func() error { return c.SetDeadline(time.Now()) },
			"SetNoDelay":   func() error { return c.SetNoDelay(true) },
			"SyscallConn":  func() error { _, err := c.SyscallConn(); return err },
			"raw.Control":  func() error { return raw.Control(func(uintptr) { panic("called") }) },
			"raw.Read":     func() error { return raw.Read(again) },
			"raw.Write":    func() error { return raw.Write(again) },
		} {
			if err := call(); !errors.Is(err, net.ErrClosed) {
				t.Errorf("%s returns %v, want net.ErrClosed", name, err)
			}
		}
		p := pollerOf(int(c.fd))
		p.mu.Lock()
		if *p.conns.at(int(c.fd)) != nil {
			t.Error("the poller still refers to it")
		}
		p.mu.Unlock()
		if c.LocalAddr().String() != local || c.RemoteAddr().String() != remote {
			t.Errorf("addresses are %v and %v, were %s and %s", c.LocalAddr(), c.RemoteAddr(), local, remote)
		}
	}
}

// TestCloseDuringUse closes c while a call has the descriptor, which must stay that of
// the socket until the call ends.
func TestCloseDuringUse(t *testing.T) {
	c, _ := pair(t, "tcp")
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	err = raw.Control(func(uintptr) {
		c.Close()
		if c.socketName() == nil {
			t.Error("the descriptor is closed while it is used")
		}
	})
	if err != nil {
		t.Error(err)
	}
	if c.socketName() != nil {
		t.Error("the descriptor is open although no call uses it")
	}
}

// TestCloseDeadline closes a Conn whose deadlines are to come. Their timers must not hold
// it until then.
func TestCloseDeadline(t *testing.T) {
	c, _ := pair(t, "tcp")
	c.SetDeadline(time.Now().Add(time.Hour))
	read, write := c.rare.readTime, c.rare.writeTime
	c.Close()
	if read.timer.Stop() || write.timer.Stop() {
		t.Error("a timer goes on")
	}
}

// TestPollerEnds has pollers end with their last Conn, and begin again.
func TestPollerEnds(t *testing.T) {
	wiretest.NoLeaks(t)
	for range 200 {
		c, peer := pair(t, "tcp")
		peer.Write([]byte("Hello"))
		wantRead(t, c, 8, "Hello")
		c.Close()
		peer.Close()
	}
}
