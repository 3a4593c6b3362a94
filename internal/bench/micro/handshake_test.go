package micro

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	gorilla "github.com/gorilla/websocket"
	"github.com/lxzan/gws"

	"resty.websocket/server"
)

// A wire is a connection whose other end takes all and sends nothing.
type wire struct {
	net.Conn
	taken   []byte // by the last Write
	written func() // called by it
}

func (w *wire) Write(p []byte) (int, error) {
	w.taken = append(w.taken[:0], p...)
	w.written()
	return len(p), nil
}

func (w *wire) Read([]byte) (int, error)         { return 0, net.ErrClosed }
func (w *wire) Close() error                     { return nil }
func (w *wire) SetDeadline(time.Time) error      { return nil }
func (w *wire) SetReadDeadline(time.Time) error  { return nil }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }
func (w *wire) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (w *wire) RemoteAddr() net.Addr             { return &net.TCPAddr{} }

// A response gives its connection away. The buffers that net/http makes for that are the same for every library, and
// are left out of the measurement: the same ones come each time.
type response struct {
	wire
	brw    *bufio.ReadWriter
	header http.Header
}

func newResponse() *response {
	r := &response{header: http.Header{}}
	r.brw = bufio.NewReadWriter(bufio.NewReader(&r.wire), bufio.NewWriter(&r.wire))
	return r
}

func (r *response) Header() http.Header { return r.header }
func (r *response) WriteHeader(int)     {}

func (r *response) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	r.brw.Reader.Reset(&r.wire)
	r.brw.Writer.Reset(&r.wire)
	return &r.wire, r.brw, nil
}

const request = "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" +
	"Origin: http://server.example.com\r\nUser-Agent: Mozilla/5.0\r\nAccept-Encoding: gzip, deflate\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

// BenchmarkHandshake goes from the handler's start to the 101 written, and to the connection that the handler gets, which
// libraries make before or after that. coder leaves the 101 to net/http, and gobwas's Upgrader reads the request itself:
// neither has this span.
func BenchmarkHandshake(b *testing.B) {
	upgrader := gws.NewUpgrader(new(gws.BuiltinEventHandler), nil)
	for _, bm := range []struct {
		lib     string
		upgrade func(http.ResponseWriter, *http.Request) error
	}{
		{"resty", func(w http.ResponseWriter, r *http.Request) error {
			_, err := server.New(w, r, nil)
			return err
		}},
		{"gorilla", func(w http.ResponseWriter, r *http.Request) error {
			_, err := new(gorilla.Upgrader).Upgrade(w, r, nil)
			return err
		}},
		{"gws", func(w http.ResponseWriter, r *http.Request) error {
			_, err := upgrader.Upgrade(w, r)
			return err
		}},
	} {
		for _, until := range []string{"written", "returned"} {
			b.Run("lib="+bm.lib+"/until="+until, func(b *testing.B) {
				r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(request)))
				if err != nil {
					b.Fatal(err)
				}
				w := newResponse()
				w.written = func() {
					if until == "written" {
						b.StopTimer()
					}
				}
				b.ReportAllocs()
				for b.Loop() {
					if err := bm.upgrade(w, r); err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
					if !bytes.HasPrefix(w.taken, []byte("HTTP/1.1 101 ")) {
						b.Fatalf("not upgraded: %q", w.taken)
					}
				}
			})
		}
	}
}
