package http1

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/internal/wiretest"
)

// refuse sends a refusal on nc whose body does not end, and keeps nc open until the
// other side closes it.
func refuse(nc net.Conn) {
	io.WriteString(nc, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
	io.WriteString(nc, "data: 1\n\n")
	io.Copy(io.Discard, nc)
	nc.Close()
}

// keep reads a refusal from nc and returns its body and how long that took.
func keep(t *testing.T, nc net.Conn) (body string, elapsed time.Duration) {
	t.Helper()
	in := NewReader(nc)
	resp, err := in.Response(nil)
	if err != nil {
		t.Error(err)
		return "", 0
	}
	start := time.Now()
	in.KeepBody(resp)
	elapsed = time.Since(start)
	kept, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return string(kept), elapsed
}

// KeepBody returns what has come of a body as soon as its time is over.
func TestKeepBodyTime(t *testing.T) {
	ours, theirs := tlsConfigs(t)
	for name, pair := range map[string]func() (net.Conn, net.Conn){
		"pipe":   net.Pipe,
		"buffer": func() (net.Conn, net.Conn) { a, b := wiretest.Pipe(); return a, b },
		"tls_over_pipe": func() (net.Conn, net.Conn) {
			a, b := net.Pipe()
			return tls.Client(a, ours), tls.Server(b, theirs)
		},
		"without_deadlines": func() (net.Conn, net.Conn) { a, b := net.Pipe(); return wiretest.NoDeadlines{Conn: a}, b },
		"tls_without_deadlines": func() (net.Conn, net.Conn) {
			a, b := net.Pipe()
			return tls.Client(wiretest.NoDeadlines{Conn: a}, ours), tls.Server(b, theirs)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				nc, peer := pair()
				go refuse(peer)
				if body, elapsed := keep(t, nc); body != "data: 1\n\n" || elapsed != BodyTime {
					t.Errorf("kept %q in %v", body, elapsed)
				}
			})
		})
	}
}

// KeepBody does the same over the system's sockets, in real time.
func TestKeepBodyTimeOverSockets(t *testing.T) {
	ours, theirs := tlsConfigs(t)
	plain := func(nc net.Conn) net.Conn { return nc }
	for _, tt := range []struct {
		network, addr string
		client        func(net.Conn) net.Conn
		server        func(net.Conn) net.Conn
	}{
		{"tcp", "127.0.0.1:0", plain, plain},
		{"unix", filepath.Join(t.TempDir(), "a.sock"), plain, plain},
		{"tcp", "127.0.0.1:0",
			func(nc net.Conn) net.Conn { return tls.Client(nc, ours) },
			func(nc net.Conn) net.Conn { return tls.Server(nc, theirs) }},
	} {
		t.Run(tt.network, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen(tt.network, tt.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				if nc, err := l.Accept(); err == nil {
					refuse(tt.server(nc))
				}
			}()
			nc, err := net.Dial(tt.network, l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			if body, elapsed := keep(t, tt.client(nc)); body != "data: 1\n\n" || elapsed < BodyTime {
				t.Errorf("kept %q in %v", body, elapsed)
			}
		})
	}
}

// tlsConfigs returns how a client and a server speak TLS with one another.
func tlsConfigs(t *testing.T) (client, server *tls.Config) {
	ts := httptest.NewTLSServer(nil)
	t.Cleanup(ts.Close)
	roots := x509.NewCertPool()
	roots.AddCert(ts.Certificate())
	now := time.Now() // the certificate is not valid in a bubble's time
	client = &tls.Config{RootCAs: roots, ServerName: "example.com", Time: func() time.Time { return now }}
	return client, &tls.Config{Certificates: ts.TLS.Certificates}
}

// KeepBody does not wait if the body ends or is long enough, and closes nothing then.
func TestKeepBody(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 1000)
	for _, tt := range []struct{ name, raw, want string }{
		{"with_length", "Content-Length: 2\r\n\r\nno+++", "no"},
		{"in_chunks", "Transfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n+++", "no"},
		{"longer_than_4KiB", "\r\n" + long, long[:MaxBody]},
		{"empty", "Content-Length: 0\r\n\r\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				nc, peer := wiretest.Pipe()
				io.WriteString(peer, "HTTP/1.1 403 Forbidden\r\n"+tt.raw)
				if body, elapsed := keep(t, nc); body != tt.want || elapsed != 0 {
					t.Errorf("kept %q in %v, want %q", body, elapsed, tt.want)
				}
				<-time.After(2 * BodyTime)
				if _, err := nc.Write([]byte("still open")); err != nil {
					t.Error(err)
				}
				nc.Close()
			})
		})
	}
}
