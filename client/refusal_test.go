package client

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/internal/wiretest"
)

// pipeTo returns a Dial to serve, in memory. The connection has no deadlines, as an SSH
// channel has none.
func pipeTo(serve func(net.Conn)) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			serve(theirs)
			io.Copy(io.Discard, theirs)
		}()
		return wiretest.NoDeadlines{Conn: ours}, nil
	}
}

// endless are refusals whose bodies do not end.
var endless = []struct {
	name, url, proxy, answer string
	status                   int
	body                     string
}{
	{"4.1/event_stream", "ws://example.com/", "", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n", 200, "data: 1\n\n"},
	{"4.1/unfinished_length", "ws://example.com/", "", "HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nno", 403, "no"},
	{"4.1/proxy_without_length", "ws://example.com/", "http://proxy.test/", "HTTP/1.1 407 Proxy Authentication Required\r\n\r\nwho?", 407, "who?"},
	{"4.1/proxy_to_wss", "wss://example.com/", "http://proxy.test/", "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", 407, ""},
}

// A refusal whose body does not end is returned after a second, though the context has
// no deadline.
func TestConnectRefusalWithoutEnd(t *testing.T) {
	for _, tt := range endless {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				_, resp, err := Connect(context.Background(), tt.url, &Options{
					Proxy: proxy(tt.proxy),
					Dial:  pipeTo(func(nc net.Conn) { readRequest(t, nc); io.WriteString(nc, tt.answer) }),
				})
				refused(t, err, tt.status, "unexpected response status")
				if body, err := io.ReadAll(resp.Body); string(body) != tt.body || err != nil {
					t.Errorf("body %q, %v; want %q", body, err, tt.body)
				}
				if elapsed := time.Since(start); elapsed != time.Second {
					t.Errorf("took %v", elapsed)
				}
			})
		})
	}
}

// If the context is done while a refusal's body is read, the refusal stays the result,
// with as much of the body as came.
func TestConnectContextInRefusal(t *testing.T) {
	for _, tt := range endless {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				defer cancel()
				_, resp, err := Connect(ctx, tt.url, &Options{
					Proxy: proxy(tt.proxy),
					Dial:  pipeTo(func(nc net.Conn) { readRequest(t, nc); io.WriteString(nc, tt.answer) }),
				})
				refused(t, err, tt.status, "unexpected response status")
				if errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%v, which is the context's", err)
				}
				if body, err := io.ReadAll(resp.Body); string(body) != tt.body || err != nil {
					t.Errorf("body %q, %v; want %q", body, err, tt.body)
				}
				if elapsed := time.Since(start); elapsed != time.Millisecond {
					t.Errorf("took %v", elapsed)
				}
			})
		})
	}
}

// The same as in TestConnectRefusalWithoutEnd over TCP and with TLS.
func TestConnectRefusalWithoutEndOverTCP(t *testing.T) {
	wiretest.NoLeaks(t)
	ca := newAuthority(t)
	const answer = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n"
	addr := listenTCP(t, secured(&tls.Config{Certificates: []tls.Certificate{ca.forServer()}}, func(nc net.Conn) {
		readRequest(t, nc)
		io.WriteString(nc, answer)
	}))
	_, resp, err := Connect(context.Background(), "wss://"+addr, &Options{TLSConfig: &tls.Config{RootCAs: ca.roots}})
	refused(t, err, 200, "unexpected response status: 200 OK")
	if body, err := io.ReadAll(resp.Body); string(body) != "data: 1\n\n" || err != nil {
		t.Errorf("body %q, %v", body, err)
	}
}
