package micro

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"testing"

	"github.com/coder/websocket"
	gorilla "github.com/gorilla/websocket"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/servers"
	"resty.websocket/server"
)

// An end is one end of a connection.
type end struct {
	reader func() (any, io.Reader, error)
	writer func() (io.WriteCloser, error)
}

// A streamer makes connections with a library.
type streamer struct {
	lib    string
	accept func(w http.ResponseWriter, r *http.Request, d load.Deflate) (end, error)
	dial   func(url string, d load.Deflate) (end, error)
}

var ctx = context.Background()

var streamers = []streamer{
	{"resty", func(w http.ResponseWriter, r *http.Request, d load.Deflate) (end, error) {
		c, err := server.New(w, r, &server.Options{Deflate: servers.Deflates[d]})
		return streams(c.NextReader, c.NextWriter, frame.Binary), err
	}, func(url string, d load.Deflate) (end, error) {
		c, _, err := client.Connect(ctx, url, &client.Options{Deflate: servers.Deflates[d]})
		return streams(c.NextReader, c.NextWriter, frame.Binary), err
	}},
	{"gorilla", func(w http.ResponseWriter, r *http.Request, d load.Deflate) (end, error) {
		upgrader := gorilla.Upgrader{EnableCompression: d != load.Plain}
		c, err := upgrader.Upgrade(w, r, nil)
		return streams(c.NextReader, c.NextWriter, gorilla.BinaryMessage), err
	}, func(url string, d load.Deflate) (end, error) {
		dialer := gorilla.Dialer{EnableCompression: d != load.Plain}
		c, _, err := dialer.Dial(url, nil)
		return streams(c.NextReader, c.NextWriter, gorilla.BinaryMessage), err
	}},
	{"coder", func(w http.ResponseWriter, r *http.Request, d load.Deflate) (end, error) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: servers.CoderModes[d]})
		return coderStreams(c), err
	}, func(url string, d load.Deflate) (end, error) {
		c, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{CompressionMode: servers.CoderModes[d]})
		return coderStreams(c), err
	}},
}

func streams[Op any](next func() (Op, io.Reader, error), writer func(Op) (io.WriteCloser, error), op Op) end {
	return end{
		func() (any, io.Reader, error) { return next() },
		func() (io.WriteCloser, error) { return writer(op) },
	}
}

func coderStreams(c *websocket.Conn) end {
	if c != nil {
		c.SetReadLimit(-1)
	}
	return streams(
		func() (websocket.MessageType, io.Reader, error) { return c.Reader(ctx) },
		func(op websocket.MessageType) (io.WriteCloser, error) { return c.Writer(ctx, op) },
		websocket.MessageBinary)
}

// connect returns the server's and the client's end of a connection, which lasts until the test ends.
func connect(tb testing.TB, s streamer, d load.Deflate) (server, client end) {
	accepted, done := make(chan end, 1), make(chan struct{})
	listening := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e, err := s.accept(w, r, d)
		if err != nil {
			tb.Error(err)
			close(accepted)
			return
		}
		accepted <- e
		<-done // coder closes a connection whose handler returns
	}))
	tb.Cleanup(func() {
		close(done)
		listening.Close()
	})
	client, err := s.dial("ws://"+listening.Listener.Addr().String(), d)
	if err != nil {
		tb.Fatal(err)
	}
	return <-accepted, client
}

// pieceLen is how much of a message is written and read at once.
const pieceLen = 32 << 10

// transfer sends pieces of one message for as long as more says, and receives them. The pieces are of text, over and over.
func transfer(tb testing.TB, from, to end, text []byte, more func() bool) {
	received := make(chan int64, 1)
	go func() {
		_, r, err := to.reader()
		n := int64(0)
		if err == nil {
			n, err = io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{r}, make([]byte, pieceLen))
		}
		if err != nil {
			tb.Error(err)
		}
		received <- n
	}()
	w, err := from.writer()
	if err != nil {
		tb.Fatal(err)
	}
	sent := 0
	for ; more(); sent += pieceLen {
		at := sent % len(text)
		if _, err := w.Write(text[at : at+pieceLen]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	if n := <-received; n != int64(sent) {
		tb.Fatalf("received %d bytes of %d", n, sent)
	}
}

// pieces is a more for a message of n pieces.
func pieces(n int) func() bool {
	return func() bool { n--; return n >= 0 }
}

// deflates are the ways to send a stream: without compression, with it, and with it and context takeover.
var deflates = []struct {
	name string
	load.Deflate
}{{"off", load.Plain}, {"on", load.NoTakeover}, {"takeover", load.Takeover}}

// BenchmarkStream sends one message over a TCP connection whose ends are both here. An operation is a piece of 32 KiB of
// JSON, which the sender writes and the receiver reads. Compression is at level 1. gorilla has no context takeover.
//
// The peak is the process's resident memory during the message, less that before it.
func BenchmarkStream(b *testing.B) {
	text := load.Records(1<<20, 1) // not more, since as much garbage may gather
	for _, s := range streamers {
		for _, d := range deflates {
			if s.lib == "gorilla" && d.Deflate == load.Takeover {
				continue
			}
			for _, direction := range []string{"up", "down"} {
				b.Run(fmt.Sprintf("lib=%s/deflate=%s/direction=%s", s.lib, d.name, direction), func(b *testing.B) {
					from, to := connect(b, s, d.Deflate)
					if direction == "up" {
						from, to = to, from
					}
					transfer(b, from, to, text, pieces(1)) // so that all is in place
					debug.FreeOSMemory()
					before, err := servers.Resident("VmRSS")
					if err == nil {
						err = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // VmHWM is the present from now on
					}
					if err != nil {
						b.Fatal(err)
					}
					b.SetBytes(pieceLen)
					b.ReportAllocs()
					transfer(b, from, to, text, b.Loop)
					peak, err := servers.Resident("VmHWM")
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(peak-before)/1024, "peak-KiB")
				})
			}
		}
	}
}

// TestStream sends a message both ways with all libraries, one byte of which would be missed.
func TestStream(t *testing.T) {
	text := load.Records(8*pieceLen, 1)
	for _, s := range streamers {
		for _, d := range deflates {
			t.Run(s.lib+"/"+d.name, func(t *testing.T) {
				server, client := connect(t, s, d.Deflate)
				transfer(t, server, client, text, pieces(20))
				transfer(t, client, server, text, pieces(20))
			})
		}
	}
}
