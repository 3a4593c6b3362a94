package server

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// A way is one of serving connections by callbacks. Tests run against all of them.
type way struct {
	name  string
	serve func(opts *Options, open func(*Conn) Session) http.Handler
	wrap  func(net.Listener) net.Listener // nil: connections are the system's sockets
}

var ways = []way{
	{"New", byNew, nil},
	{"Handler", byHandler, nil},
	{"Sessions", Sessions, nil},
	{"Handler_without_a_socket", byHandler, noSockets},
	{"Sessions_without_a_socket", Sessions, noSockets},
}

// wayOf returns the way with a name.
func wayOf(name string) way {
	return ways[slices.IndexFunc(ways, func(w way) bool { return w.name == name })]
}

// byHandler serves connections with Handler, and a loop.
func byHandler(opts *Options, open func(*Conn) Session) http.Handler {
	return Handler(opts, func(c *Conn) { receive(c, open(c)) })
}

// byNew serves connections with New, in the HTTP handler.
func byNew(opts *Options, open func(*Conn) Session) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := New(w, r, opts); err == nil {
			defer c.Close()
			receive(c, open(c))
		}
	})
}

func receive(c *Conn, s Session) {
	for s != nil {
		data, typ, err := c.RecvMessage()
		if err != nil {
			s.Close(err)
			return
		}
		s.Message(data, typ)
	}
}

// start starts a server.
func (w way) start(t testing.TB, opts *Options, open func(*Conn) Session, config func(*http.Server)) *httptest.Server {
	t.Helper()
	ts := httptest.NewUnstartedServer(w.serve(opts, open))
	if w.wrap != nil {
		ts.Listener = w.wrap(ts.Listener)
	}
	if config != nil {
		config(ts.Config)
	}
	ts.Start()
	t.Cleanup(ts.Close)
	return ts
}

// eachWay runs test for each way.
func eachWay(t *testing.T, test func(t *testing.T, w way)) {
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			wiretest.NoLeaks(t)
			test(t, w)
		})
	}
}

// noSockets has a listener's connections hide what they are.
func noSockets(l net.Listener) net.Listener { return hidingListener{l} }

type hidingListener struct{ net.Listener }

func (l hidingListener) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return hidden{nc, nc.(*net.TCPConn)}, nil
}

type hidden struct {
	net.Conn
	half interface{ CloseWrite() error }
}

func (h hidden) CloseWrite() error { return h.half.CloseWrite() }

// A script is a Session made of functions, which may be nil.
type script struct {
	message func(data []byte, typ frame.Opcode)
	close   func(err error)
}

func (s script) Message(data []byte, typ frame.Opcode) {
	if s.message != nil {
		s.message(data, typ)
	}
}

func (s script) Close(err error) {
	if s.close != nil {
		s.close(err)
	}
}

// An echoing is a Session that sends back what it receives.
func echoing(c *Conn) Session {
	return script{message: func(data []byte, typ frame.Opcode) { c.SendMessage(typ, data) }}
}

// A record is a Session that notes what it is called with.
type record struct {
	mu     sync.Mutex
	all    []received
	closed chan error // the errors of Close
}

func newRecord() *record { return &record{closed: make(chan error, 3)} }

func (r *record) Message(data []byte, typ frame.Opcode) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, received{bytes.Clone(data), typ, nil})
}

func (r *record) Close(err error) { r.closed <- err }

// TestEchoEachWay echoes messages of all lengths, in fragments and with pings between.
func TestEchoEachWay(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		ts := w.start(t, nil, echoing, nil)
		nc := dial(t, ts.Listener.Addr(), "")
		r := frame.NewReader(nc, frame.Client, -1)
		for _, n := range []int{0, 1, 125, 126, 5000, 65535, 65536, 1 << 20} {
			text := strings.Repeat("x", n)
			go io.WriteString(nc, sent(false, frame.Text, text[:n/3])+sent(true, frame.Ping, "p")+
				sent(false, frame.Continuation, "")+sent(true, frame.Continuation, text[n/3:]))
			wantFrame(t, r, frame.Pong, "p")
			var got []byte
			for fin := false; !fin; {
				f, err := r.ReadFrame()
				if err != nil {
					t.Fatal(err)
				}
				got, fin = append(got, f.Payload...), f.Fin
			}
			if string(got) != text {
				t.Fatalf("%d bytes were answered with %d, %.40q", n, len(got), got)
			}
		}
		io.WriteString(nc, sent(true, frame.Close, "\x03\xe8"))
		wantFrame(t, r, frame.Close, "\x03\xe8")
		if rest, err := io.ReadAll(nc); len(rest) > 0 || err != nil {
			t.Errorf("then received %q, %v, want the end", rest, err)
		}
	})
}

func wantFrame(t *testing.T, r *frame.Reader, op frame.Opcode, payload string) {
	t.Helper()
	if f, err := r.ReadFrame(); err != nil || f.Opcode != op || string(f.Payload) != payload {
		t.Fatalf("received %v, %v, want %v %.40q", f, err, op, payload)
	}
}
