package client

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/wiretest"
)

// TestMain sets proxies that TestProxyChoice wants to see dialled. They are never
// asked for an address of the loopback interface.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{
		"http_proxy": "http://proxy.test:3128", "https_proxy": "http://secure.test", "no_proxy": "direct.test",
	} {
		os.Setenv(name, value)
		os.Setenv(strings.ToUpper(name), value)
	}
	wiretest.Main(m)
}

// patience bounds waits that would be endless if a test fails.
const patience = 20 * time.Second

// listen calls serve for each connection to the address that it returns. When
// serve has returned, it expects that the client ends the connection.
func listen(t *testing.T, network, addr string, serve func(net.Conn)) net.Addr {
	t.Helper()
	l, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer nc.Close()
				nc.SetDeadline(time.Now().Add(patience))
				serve(nc)
				if _, err := io.Copy(io.Discard, nc); errors.Is(err, os.ErrDeadlineExceeded) {
					t.Error("the client has not ended the connection")
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		serving.Wait()
	})
	return l.Addr()
}

// listenTCP is listen on a free port of the loopback interface.
func listenTCP(t *testing.T, serve func(net.Conn)) (addr string) {
	t.Helper()
	return listen(t, "tcp", "127.0.0.1:0", serve).String()
}

// readRequest reads the request of a handshake.
func readRequest(t *testing.T, nc net.Conn) *http.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(nc))
	if err != nil {
		t.Errorf("request: %v", err)
		return new(http.Request)
	}
	return r
}

// switchingProtocols is a valid response to r, with further header lines, each with
// its line break.
func switchingProtocols(r *http.Request, lines ...string) string {
	return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + handshake.Accept(r.Header.Get("Sec-WebSocket-Key")) + "\r\n" +
		strings.Join(lines, "") + "\r\n"
}

// accepting is a server that does the handshake and then calls serve.
func accepting(t *testing.T, serve func(net.Conn)) func(net.Conn) {
	return func(nc net.Conn) {
		io.WriteString(nc, switchingProtocols(readRequest(t, nc)))
		serve(nc)
	}
}

// echo sends each frame back, and answers a Close frame.
func echo(nc net.Conn) {
	r, w := frame.NewReader(nc, frame.Server, 0), frame.NewWriter(nc, frame.Server, 0)
	for {
		f, err := r.ReadFrame()
		if err != nil {
			return
		}
		if w.WriteFrame(f.Fin, f.Opcode, f.Payload); f.Opcode == frame.Close {
			nc.(interface{ CloseWrite() error }).CloseWrite()
			return
		}
	}
}

// connect connects to a server of the test.
func connect(t *testing.T, url string, opts *Options) *Conn {
	t.Helper()
	c, _, err := Connect(t.Context(), url, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.CloseNow() })
	return c
}

// refused expects that Connect fails with status and reason.
func refused(t *testing.T, err error, status int, reason string) {
	t.Helper()
	var refusal *handshake.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("%v, want a *handshake.Error", err)
	}
	if refusal.Status != status || !strings.Contains(err.Error(), reason) {
		t.Errorf("status %d, %v; want %d, %q", refusal.Status, err, status, reason)
	}
}
