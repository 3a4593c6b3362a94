package server

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"resty.websocket/handshake"
)

// socketOptions returns what the kernel has: keepalive, idle and interval in
// seconds, count.
func socketOptions(t *testing.T, c *Conn) (got [4]int) {
	t.Helper()
	raw, err := c.NetConn().(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	err = raw.Control(func(fd uintptr) {
		got[0], _ = syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_KEEPALIVE)
		for i, option := range []int{syscall.TCP_KEEPIDLE, syscall.TCP_KEEPINTVL, syscall.TCP_KEEPCNT} {
			got[1+i], _ = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, option)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestKeepAlive(t *testing.T) {
	for _, test := range []struct {
		name string
		cfg  net.KeepAliveConfig
		want [4]int
	}{
		{"as_the_listener_made_it", net.KeepAliveConfig{}, [4]int{1, 15, 15, 9}},
		{"nginx_2s:2s:8", net.KeepAliveConfig{Enable: true, Idle: 2 * time.Second, Interval: 2 * time.Second, Count: 8}, [4]int{1, 2, 2, 8}},
		{"off", net.KeepAliveConfig{Idle: -1}, [4]int{0, 15, 15, 9}},
	} {
		t.Run(test.name, func(t *testing.T) {
			eachPair(t, &Options{KeepAlive: test.cfg}, func(t *testing.T, c *Conn, _ *net.TCPConn) {
				if _, socket := c.NetConn().(syscall.Conn); !socket {
					return // the program's own listener sets options
				}
				if got := socketOptions(t, c); got != test.want {
					t.Errorf("keepalive, idle, interval, count: %v, want %v", got, test.want)
				}
			})
		})
	}
}

// TestBadKeepAlive has a value that the kernel refuses, which shows too late
// to refuse the request.
func TestBadKeepAlive(t *testing.T) {
	failed := make(chan error, 1)
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := New(w, r, &Options{KeepAlive: net.KeepAliveConfig{Enable: true, Count: 1000}})
		failed <- err
	}))
	defer ts.Close()
	nc := dial(t, ts.Listener.Addr(), "")
	var refusal *handshake.Error
	if err := <-failed; !errors.As(err, &refusal) || refusal.Status != 101 || !errors.Is(err, syscall.EINVAL) {
		t.Errorf("New: %v, want %v with status 101", err, syscall.EINVAL)
	}
	if b, err := io.ReadAll(nc); len(b) > 0 || err != nil {
		t.Errorf("received %q, %v, want the end", b, err)
	}
}
