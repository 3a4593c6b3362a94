package server

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"resty.websocket/handshake"
)

// patience bounds what would otherwise wait for ever if a test fails.
const patience = 20 * time.Second

// pair returns a connection that a net/http server has upgraded, and the
// client's end of TCP.
func pair(t *testing.T, opts *Options) (*Conn, *net.TCPConn) {
	t.Helper()
	conns := make(chan *Conn, 1)
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := New(w, r, opts)
		if err != nil {
			t.Error(err)
		}
		conns <- c
	}))
	t.Cleanup(ts.Close)
	nc, err := net.Dial("tcp", ts.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	nc.SetDeadline(time.Now().Add(patience))
	t.Cleanup(func() { nc.Close() })
	var client handshake.Client
	if _, _, _, err := client.Upgrade(nc, &url.URL{Scheme: "ws", Host: "a", Path: "/"}); err != nil {
		t.Fatal(err)
	}
	c := <-conns
	t.Cleanup(func() { c.CloseNow() })
	return c, nc.(*net.TCPConn)
}
