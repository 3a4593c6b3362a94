package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"resty.websocket/frame"
)

// moves reports whether w has connections move to the library's own poller.
func (w way) moves() bool {
	return w.wrap == nil && w.name != "New" && (runtime.GOOS == "linux" || strings.HasSuffix(runtime.GOOS, "bsd") || runtime.GOOS == "darwin")
}

// TestNetConn asks for what the documentation says of NetConn and of the net.Conn that the
// http.Server has accepted.
func TestNetConn(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		var accepted net.Conn
		conns := make(chan *Conn, 1)
		ts := w.start(t, nil, func(c *Conn) Session {
			conns <- c
			return echoing(c)
		}, func(s *http.Server) {
			s.ConnContext = func(ctx context.Context, nc net.Conn) context.Context {
				accepted = nc
				return ctx
			}
		})
		nc := dial(t, ts.Listener.Addr(), "")
		c := <-conns
		got := c.NetConn()
		if same := got == accepted; same == w.moves() {
			t.Errorf("NetConn is a %T, the server's a %T, the same: %t", got, accepted, same)
		}
		err := accepted.SetDeadline(time.Time{})
		if closed := errors.Is(err, net.ErrClosed); closed != w.moves() {
			t.Errorf("the server's net.Conn is closed: %t, %v", closed, err)
		}
		if got.LocalAddr().String() != ts.Listener.Addr().String() || got.RemoteAddr().String() != nc.LocalAddr().String() {
			t.Errorf("from %v to %v", got.RemoteAddr(), got.LocalAddr())
		}
		if w.wrap != nil {
			return
		}
		wantOptions(t, got)
		// The connection goes on with these options.
		io.WriteString(nc, sent(true, frame.Text, "Hello"))
		wantFrame(t, frame.NewReader(nc, frame.Client, -1), frame.Text, "Hello")
	})
}

// wantOptions sets options of a socket by all methods that the documentation promises.
func wantOptions(t *testing.T, nc net.Conn) {
	t.Helper()
	s, ok := nc.(interface {
		syscall.Conn
		CloseWrite() error
		SetNoDelay(bool) error
		SetKeepAlive(bool) error
		SetLinger(int) error
		SetReadBuffer(int) error
		SetWriteBuffer(int) error
	})
	if !ok {
		t.Fatalf("%T lacks a method", nc)
	}
	raw, err := s.SyscallConn()
	if err == nil {
		err = raw.Control(func(uintptr) {})
	}
	err = errors.Join(err, s.SetNoDelay(false), s.SetKeepAlive(false), s.SetLinger(5), s.SetReadBuffer(64<<10), s.SetWriteBuffer(64<<10))
	if err != nil {
		t.Error(err)
	}
}

// TestServerDoesNotKnow has the http.Server closed and shut down while connections go on.
func TestServerDoesNotKnow(t *testing.T) {
	for name, end := range map[string]func(s *http.Server) error{
		"Close":    (*http.Server).Close,
		"Shutdown": func(s *http.Server) error { return s.Shutdown(context.Background()) },
	} {
		t.Run(name, func(t *testing.T) {
			sessionWays(t, func(t *testing.T, w way) {
				ts := w.start(t, nil, echoing, nil)
				nc := dial(t, ts.Listener.Addr(), "")
				if err := end(ts.Config); err != nil {
					t.Error(err)
				}
				r := frame.NewReader(nc, frame.Client, -1)
				for i := range 3 {
					io.WriteString(nc, sent(true, frame.Text, fmt.Sprint(i)))
					wantFrame(t, r, frame.Text, fmt.Sprint(i))
				}
			})
		})
	}
}
