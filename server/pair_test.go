package server

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

func TestMain(m *testing.M) { wiretest.Main(m) }

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
	nc := dial(t, ts.Listener.Addr(), "")
	c := <-conns
	t.Cleanup(func() { c.CloseNow() })
	return c, nc
}

// eachPair runs test for each way with a connection that it serves, and the client's end
// of TCP. Callbacks wait meanwhile, so that the test is who receives.
func eachPair(t *testing.T, opts *Options, test func(t *testing.T, c *Conn, nc *net.TCPConn)) {
	eachWay(t, func(t *testing.T, w way) {
		conns := make(chan *Conn, 1)
		done := make(chan bool)
		ts := w.start(t, opts, func(c *Conn) Session {
			conns <- c
			<-done
			return nil
		}, nil)
		t.Cleanup(func() { close(done) })
		nc := dial(t, ts.Listener.Addr(), "")
		c := <-conns
		t.Cleanup(func() { c.CloseNow() })
		test(t, c, nc)
	})
}

// dial returns a TCP connection to a server that has upgraded it, and has been
// sent frames, which may be none, together with the request.
func dial(t testing.TB, addr net.Addr, frames string) *net.TCPConn {
	t.Helper()
	nc, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	nc.SetDeadline(time.Now().Add(patience))
	request := "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	if _, err := io.WriteString(nc, request+frames); err != nil {
		t.Fatal(err)
	}
	// Byte by byte, so that no frame behind the response is lost.
	var response []byte
	for b := make([]byte, 1); !bytes.HasSuffix(response, []byte("\r\n\r\n")); response = append(response, b...) {
		if _, err := nc.Read(b); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.HasPrefix(response, []byte("HTTP/1.1 101 ")) {
		t.Fatalf("answered with %s", response)
	}
	return nc.(*net.TCPConn)
}

// sent returns the bytes of a frame as a client sends it.
func sent(fin bool, op frame.Opcode, payload string) string {
	h := frame.Header{Fin: fin, Opcode: op, Masked: true, MaskKey: [4]byte{1, 2, 3, 4}, Length: int64(len(payload))}
	return string(frame.AppendFrame(nil, h, []byte(payload)))
}

// wantClose reads frames up to a Close frame and checks its code, 0 for none.
func wantClose(t *testing.T, nc net.Conn, code frame.StatusCode) {
	t.Helper()
	r := frame.NewReader(nc, frame.Client, -1)
	for {
		f, err := r.ReadFrame()
		if err != nil {
			t.Fatalf("received %v, want close %v", err, code)
		}
		if f.Opcode == frame.Close {
			want := frame.AppendClose(nil, code, "")
			if !bytes.HasPrefix(f.Payload, want) || code == 0 && len(f.Payload) > 0 {
				t.Fatalf("received close %q, want %v", f.Payload, code)
			}
			return
		}
	}
}
