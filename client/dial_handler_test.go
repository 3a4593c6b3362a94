package client

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/wiretest"
	"resty.websocket/server"
)

// echoing is a handler that sends each message back.
func echoing(opts *server.Options) http.Handler {
	return server.Handler(opts, func(wb *server.Conn) {
		for {
			data, typ, err := wb.RecvMessage()
			if err != nil || wb.SendMessage(typ, data) != nil {
				return
			}
		}
	})
}

// A connection in memory is as good as any, in a bubble too, with and without
// compression, and nothing is left of it, whichever side ends it.
func TestDialHandler(t *testing.T) {
	for name, end := range map[string]func(c *Conn) error{
		"close":     (*Conn).Close,
		"close_now": (*Conn).CloseNow,
	} {
		for _, d := range []*handshake.Deflate{nil, {}} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					opts := &Options{Dial: DialHandler(echoing(&server.Options{Deflate: d, MaxPayloadLen: -1})), Deflate: d, MaxPayloadLen: -1}
					c := connect(t, "ws://server.example/", opts)
					for _, message := range []string{"", "hello", strings.Repeat("all work and no play ", 1<<15)} {
						if err := c.SendString(message); err != nil {
							t.Fatal(err)
						}
						data, typ, err := c.RecvMessage()
						if string(data) != message || typ != frame.Text || err != nil {
							t.Fatalf("received %.40q, %v, %v", data, typ, err)
						}
					}
					if err := end(c); err != nil {
						t.Error(err)
					}
				})
			})
		}
	}
}

// The server's end closes the connection, and the handler returns.
func TestDialHandlerServerCloses(t *testing.T) {
	for name, h := range map[string]http.Handler{
		"Handler": server.Handler(nil, func(wb *server.Conn) {}),
		"New": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			wb, err := server.New(w, r, nil)
			if err != nil {
				return
			}
			wb.Close()
		}),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := connect(t, "ws://a/", &Options{Dial: DialHandler(h)})
				if _, _, err := c.RecvMessage(); frame.CloseCode(err) != frame.StatusNormalClosure {
					t.Errorf("received %v", err)
				}
				c.Close()
			})
		})
	}
}

// A handler that does not open a connection ends it when it returns.
func TestDialHandlerRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial := DialHandler(http.NotFoundHandler())
		_, resp, err := Connect(t.Context(), "ws://a/", &Options{Dial: dial})
		refused(t, err, 404, "unexpected response status: 404 Not Found")
		if resp == nil {
			t.Fatal("no response")
		}

		nc, err := dial(t.Context(), "tcp", "a:80")
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(nc, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		if all, err := io.ReadAll(nc); !strings.HasPrefix(string(all), "HTTP/1.1 404 ") || err != nil {
			t.Errorf("received %q, %v", all, err)
		}
		nc.Close()

		// Nothing is sent.
		if nc, err = dial(t.Context(), "tcp", "a:80"); err != nil {
			t.Fatal(err)
		}
		nc.Close()
	})
}

// A handler sees what it sees of a server.
func TestDialHandlerRequest(t *testing.T) {
	wiretest.NoLeaks(t)
	seen := make(chan *http.Request, 2)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { seen <- r })
	dial := DialHandler(h)
	var before net.Addr
	for range 2 {
		nc, err := dial(t.Context(), "tcp", "server.example:80")
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		io.WriteString(nc, "GET /a?b HTTP/1.1\r\nHost: server.example\r\n\r\n")
		r := <-seen
		if nc.RemoteAddr().String() != "server.example:80" || nc.RemoteAddr().Network() != "tcp" || r.RemoteAddr != nc.LocalAddr().String() {
			t.Errorf("addresses %v, %v, %v", nc.LocalAddr(), nc.RemoteAddr(), r.RemoteAddr)
		}
		if nc.LocalAddr() == before {
			t.Errorf("two connections from %v", before)
		}
		before = nc.LocalAddr()
		s, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
		local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
		if r.TLS != nil || s == nil || local != nc.RemoteAddr() {
			t.Errorf("TLS %v, server %v, address %v", r.TLS, s, local)
		}
	}
}

// TLS is refused, a context that is done too, and a proxy of the environment is not
// asked.
func TestDialHandlerOptions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial := DialHandler(echoing(nil))
		_, _, err := Connect(t.Context(), "wss://a/", &Options{Dial: dial})
		if !errors.Is(err, errHandlerTLS) {
			t.Errorf("wss: %v", err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(io.ErrNoProgress)
		if nc, err := dial(ctx, "tcp", "a:80"); nc != nil || err != io.ErrNoProgress {
			t.Errorf("after the context's end: %v", err)
		}
		proxied := &Options{Dial: dial}
		nc, _ := dial(t.Context(), "tcp", "a:80")
		to, _ := parseURL("ws://a/")
		c, _, err := proxied.openWithin(t.Context(), nc, to, &url.URL{Scheme: "http", Host: "proxy"})
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		proxied.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse("http://proxy") }
		_, _, err = Connect(t.Context(), "ws://a/", proxied)
		var refusal *handshake.Error
		if !errors.As(err, &refusal) || refusal.Status < 400 {
			t.Errorf("by a proxy that is none: %v", err)
		}
	})
}

// WriteBuffer bounds the bytes that a peer has not read.
func TestDialHandlerWriteBuffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := server.Handler(&server.Options{Timeout: time.Second, WriteBuffer: 1000, NoDelay: true}, func(wb *server.Conn) {
			<-time.After(time.Second) // the client has read the response
			sent := 0
			for wb.SendText(make([]byte, 96)) == nil { // 98 with its header
				sent++
			}
			if sent != 10 {
				t.Errorf("%d frames were sent", sent)
			}
			wb.CloseNow()
		})
		c := connect(t, "ws://a/", &Options{Dial: DialHandler(h)})
		<-time.After(time.Minute)
		c.CloseNow()
	})
}

// The function serves package net/http's client as well.
func TestDialHandlerHTTP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := http.Client{Transport: &http.Transport{DialContext: DialHandler(http.NotFoundHandler())}}
		resp, err := c.Get("http://a/")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != 404 || string(body) != "404 page not found\n" || err != nil {
			t.Errorf("%s, %q, %v", resp.Status, body, err)
		}
	})
}
