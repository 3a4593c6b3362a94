//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"
)

// patience is how long what must happen may take.
const patience = 10 * time.Second

// tryRead returns what the next TryRead with room for size bytes finds, and waits for it
// if need be.
func tryRead(t *testing.T, c *Conn, size int) (string, error) {
	t.Helper()
	buf := make([]byte, size)
	defer c.SetReadDeadline(time.Time{})
	for {
		n, err := c.TryRead(buf)
		if err != ErrWouldBlock {
			return string(buf[:n]), err
		}
		c.SetReadDeadline(time.Now().Add(patience))
		if err := c.AwaitRead(); err != nil {
			t.Fatal(err)
		}
	}
}

// wantRead fails t unless the next read finds want.
func wantRead(t *testing.T, c *Conn, size int, want string) {
	t.Helper()
	if got, err := tryRead(t, c, size); got != want || err != nil {
		t.Fatalf("read %q, %v, want %q", got, err, want)
	}
}

func wantEOF(t *testing.T, c *Conn) {
	t.Helper()
	for range 3 { // it stays
		if got, err := tryRead(t, c, 8); got != "" || err != io.EOF {
			t.Fatalf("read %q, %v, want EOF", got, err)
		}
	}
	if n, err := c.Read(make([]byte, 8)); n != 0 || err != io.EOF {
		t.Fatalf("Read returns %d, %v, want EOF", n, err)
	}
}

// arrived waits until the kernel has n bytes to be read.
func arrived(t *testing.T, c *Conn, n int) {
	t.Helper()
	buf := make([]byte, n+1)
	for {
		got, _, err := syscall.Recvfrom(int(c.fd), buf, syscall.MSG_PEEK)
		if got == n {
			return
		}
		if err != nil && err != syscall.EAGAIN && err != syscall.EINTR {
			t.Fatal(err)
		}
	}
}

// A stopper is a Parker that stops the goroutine of its poller.
type stopper struct{ stopped, released chan bool }

func (s *stopper) Wake() {
	s.stopped <- true
	<-s.released
}

// stopPoller stops the goroutine of c's poller, when it has told c of all that was
// before. The function that it returns has it go on.
func stopPoller(t *testing.T, c *Conn) (release func()) {
	t.Helper()
	for {
		other, peer := pair(t, "tcp")
		if pollerOf(int(other.fd)) != pollerOf(int(c.fd)) {
			continue
		}
		if _, err := other.TryRead(make([]byte, 8)); err != ErrWouldBlock {
			t.Fatal(err)
		}
		s := &stopper{make(chan bool), make(chan bool)}
		if !other.Park(s) {
			t.Fatal("a Conn that has nothing to read does not park")
		}
		peer.Write([]byte("x"))
		<-s.stopped // events come in order
		return func() { close(s.released) }
	}
}

// TestShortRead has the poller tell nothing, so that a TryRead that finds what has come
// after a short read has made a system call.
func TestShortRead(t *testing.T) {
	for _, network := range networks {
		t.Run(network, func(t *testing.T) {
			c, peer := pair(t, network)
			peer.Write([]byte("Hello"))
			arrived(t, c, 5)
			release := stopPoller(t, c)
			wantRead(t, c, 8, "Hello")
			peer.Write([]byte("again"))
			arrived(t, c, 5)
			n, err := c.TryRead(make([]byte, 8))
			if trustShort && network == "tcp" {
				if n != 0 || err != ErrWouldBlock {
					t.Errorf("a read after a short one finds %d bytes, %v: it was tried", n, err)
				}
				release()
				wantRead(t, c, 8, "again")
				return
			}
			release()
			if n != 5 || err != nil {
				t.Errorf("%d bytes, %v: what was there has not been tried for", n, err)
			}
		})
	}
}

// TestExactRead reads exactly what there is, of which a read cannot know whether it is
// all.
func TestExactRead(t *testing.T) {
	c, peer := pair(t, "tcp")
	peer.Write([]byte("HelloHello"))
	arrived(t, c, 10)
	release := stopPoller(t, c)
	defer release()
	for range 2 {
		wantRead(t, c, 5, "Hello")
	}
	if n, err := c.TryRead(make([]byte, 5)); n != 0 || err != ErrWouldBlock {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := c.TryRead(nil); n != 0 || err != nil {
		t.Errorf("a read of no bytes: %d, %v", n, err)
	}
}

// TestEndWithData has data and the end behind it come before either is read.
func TestEndWithData(t *testing.T) {
	for _, network := range networks {
		t.Run(network, func(t *testing.T) {
			c, peer := pair(t, network)
			peer.Write([]byte("Hello"))
			peer.Close()
			arrived(t, c, 5)
			stopPoller(t, c)()
			wantRead(t, c, 8, "Hello")
			wantEOF(t, c)
		})
	}
}

// TestEndUntold has the end be found by reading before the poller has told of it. It
// must stay.
func TestEndUntold(t *testing.T) {
	c, peer := pair(t, "tcp")
	peer.Write([]byte("Hello"))
	arrived(t, c, 5)
	release := stopPoller(t, c)
	defer release()
	peer.Close()
	wantRead(t, c, 5, "Hello")
	arrived(t, c, 0)
	wantEOF(t, c)
}

// TestEndAfterRead has the end come after the data has been read.
func TestEndAfterRead(t *testing.T) {
	for _, network := range networks {
		t.Run(network, func(t *testing.T) {
			c, peer := pair(t, network)
			peer.Write([]byte("Hello"))
			wantRead(t, c, 8, "Hello")
			peer.Close()
			wantEOF(t, c)
		})
	}
}

func TestReset(t *testing.T) {
	c, peer := pair(t, "tcp")
	before := c.RemoteAddr().String()
	peer.(*net.TCPConn).SetLinger(0)
	peer.Close()
	_, err := tryRead(t, c, 8)
	var op *net.OpError
	if !errors.Is(err, syscall.ECONNRESET) || !errors.As(err, &op) || op.Op != "read" || op.Net != "tcp" {
		t.Errorf("%#v, want ECONNRESET as package net returns it", err)
	}
	if _, err := syscall.Getpeername(int(c.fd)); err == nil {
		t.Error("the kernel still knows the peer: nothing is tested")
	}
	if got := c.RemoteAddr().String(); got != before || got != peer.LocalAddr().String() {
		t.Errorf("RemoteAddr is %s, was %s", got, before)
	}
	if _, err := c.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("Write returns %v, want EPIPE", err)
	}
}

func TestHalfClose(t *testing.T) {
	for _, network := range networks {
		t.Run(network, func(t *testing.T) {
			c, peer := pair(t, network)
			half := peer.(interface{ CloseWrite() error })
			half.CloseWrite()
			wantEOF(t, c)
			if _, err := c.Write([]byte("Hello")); err != nil {
				t.Error(err)
			}
			if err := c.CloseWrite(); err != nil {
				t.Error(err)
			}
			if got, err := io.ReadAll(peer); string(got) != "Hello" || err != nil {
				t.Errorf("the peer reads %q, %v", got, err)
			}
			if _, err := c.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
				t.Errorf("Write after CloseWrite returns %v, want EPIPE", err)
			}
		})
	}
}

// TestHalfCloseFirst ends the own direction first.
func TestHalfCloseFirst(t *testing.T) {
	c, peer := pair(t, "tcp")
	c.CloseWrite()
	if got, err := io.ReadAll(peer); len(got) != 0 || err != nil {
		t.Errorf("the peer reads %q, %v", got, err)
	}
	peer.Write([]byte("Hello"))
	wantRead(t, c, 8, "Hello")
	peer.Close()
	wantEOF(t, c)
}
