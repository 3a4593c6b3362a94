//go:build unix

package endpoint

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"syscall"
	"testing"
)

// lastMoments is what a peer may do just before a connection is taken back.
var lastMoments = []struct {
	name string
	does func(peer net.Conn)
	want error
}{
	{"nothing", func(net.Conn) {}, nil},
	{"data", func(peer net.Conn) { peer.Write([]byte{0x89, 0x80, 1, 2, 3, 4}) }, errUnread},
	{"end", func(peer net.Conn) { peer.(*net.TCPConn).CloseWrite() }, io.EOF},
}

// Watch sees a frame that has arrived on a socket even if it is told to stop at the
// same time.
func TestRestSeesWhatArrivedLast(t *testing.T) {
	for _, tt := range lastMoments {
		t.Run(tt.name, func(t *testing.T) {
			c := arrived(t, tt.does, tt.want)
			ctx, wake := context.WithCancel(t.Context())
			wake()
			if err := c.Watch(ctx); err != tt.want {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// arrived returns a connection to which the peer has done something. It waits
// for that, unless it is nothing: the kernel may take a moment to deliver it.
func arrived(t *testing.T, does func(peer net.Conn), want error) *Conn {
	t.Helper()
	a, b := tcpPair(t)
	c := New(a, &Config{}, nil)
	t.Cleanup(func() { c.CloseNow() })
	does(b)
	for want != nil && c.peek() == nil {
		runtime.Gosched()
	}
	return c
}

// tcpPair returns the two ends of a TCP connection.
func tcpPair(t *testing.T) (a, b net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if a, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	if b, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return a, b
}

// The kernel has the bytes that a Read which was stopped has not seen.
func TestPeek(t *testing.T) {
	for _, tt := range lastMoments {
		t.Run(tt.name, func(t *testing.T) {
			c := arrived(t, tt.does, tt.want)
			for range 2 { // it takes nothing away
				if err := c.peek(); err != tt.want {
					t.Errorf("got %v, want %v", err, tt.want)
				}
			}
		})
	}
}

func TestPeekReset(t *testing.T) {
	a, b := tcpPair(t)
	c := New(a, &Config{}, nil)
	defer c.CloseNow()
	b.(*net.TCPConn).SetLinger(0)
	b.Close()
	err := c.peek()
	for ; err == nil; err = c.peek() {
		runtime.Gosched() // it is under way
	}
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %v, want %v", err, syscall.ECONNRESET)
	}
}

func TestPeekClosed(t *testing.T) {
	a, _ := tcpPair(t)
	c := New(a, &Config{}, nil)
	c.CloseNow()
	if err := c.peek(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v, want %v", err, net.ErrClosed)
	}
}
