package endpoint

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// faults are what a peer can do wrong, up to the byte that gives it away.
var faults = []struct {
	name  string
	bytes func(p *peer) []byte
	want  *frame.ProtocolError
}{
	{"5.2/reserved_opcode", func(p *peer) []byte { return p.frame(true, 3, "x") }, frame.ErrReservedOpcode},
	{"5.4/nothing_to_continue", func(p *peer) []byte { return p.frame(true, frame.Continuation, "x") }, frame.ErrFragmentOrder},
	{"7.4/close_code", func(p *peer) []byte { return p.frame(true, frame.Close, "\x03\xed") }, frame.ErrCloseBody},
	{"8.1/text_that_is_not_utf8", func(p *peer) []byte { return p.frame(true, frame.Text, "ab\xff"+strings.Repeat("c", 60000))[:20] }, frame.ErrInvalidUTF8},
	{"10.4/fragments", func(p *peer) []byte {
		return append(p.frame(false, frame.Binary, ""), bytes.Repeat(p.frame(false, frame.Continuation, ""), 131072)...)
	}, frame.ErrTooManyFragments},
	{"10.4/payload", func(p *peer) []byte { return p.frame(true, frame.Binary, strings.Repeat("x", 65536))[:20] }, frame.ErrPayloadTooLong},
}

// TestFailReachesABusyPeer has the peer send on and on behind its fault, more
// than fits into the buffers of TCP, and look what it has received only then.
func TestFailReachesABusyPeer(t *testing.T) {
	for _, fault := range faults {
		for _, transport := range []struct {
			name string
			pair func(t *testing.T, cfg Config) (*Conn, *peer)
		}{
			{"tcp", newTCPPair},
			{"tls", newTLSPair},
		} {
			t.Run(fault.name+"/"+transport.name, func(t *testing.T) {
				c, p := transport.pair(t, Config{})
				own, other := tcpBelow(c.nc), tcpBelow(p.Conn)
				own.SetReadBuffer(32 << 10)
				other.SetWriteBuffer(32 << 10)
				closed := make(chan error)
				go func() {
					_, _, err := recvToEnd(c)
					wantFatal(t, c, err)
					closed <- c.Close(frame.StatusNormalClosure)
				}()
				p.sendBytes(fault.bytes(p))
				for range 32 {
					p.sendBytes(make([]byte, 64<<10))
				}
				p.wantClose(fault.want.Code)
				p.Close()
				if err := <-closed; !errors.Is(err, fault.want) {
					t.Errorf("Close: %v, want %v", err, fault.want)
				}
			})
		}
	}
}

// recvToEnd receives up to an error.
func recvToEnd(c *Conn) (data []byte, typ frame.Opcode, err error) {
	for {
		if data, typ, err = c.RecvFrame(); err != nil && err != ErrAgain {
			return data, typ, err
		}
	}
}

func tcpBelow(nc net.Conn) *net.TCPConn {
	if secure, ok := nc.(*tls.Conn); ok {
		nc = secure.NetConn()
	}
	return nc.(*net.TCPConn)
}

// newTLSPair is newPair over TLS over TCP.
func newTLSPair(t *testing.T, cfg Config) (*Conn, *peer) {
	t.Helper()
	return newPairOverTLS(t, cfg, serverTLS(t), func() (net.Conn, net.Conn) { return tcpPipe(t) })
}

// serverTLS returns the settings of a TLS server whose certificate is not
// checked.
func serverTLS(t *testing.T) *tls.Config {
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	return &tls.Config{Certificates: s.TLS.Certificates}
}

func newPairOverTLS(t *testing.T, cfg Config, server *tls.Config, pipe func() (net.Conn, net.Conn)) (*Conn, *peer) {
	t.Helper()
	own, other := pipe()
	client := tls.Client(other, &tls.Config{InsecureSkipVerify: true})
	done := make(chan error)
	go func() { done <- client.Handshake() }()
	secure := tls.Server(own, server)
	if err := errors.Join(secure.Handshake(), <-done); err != nil {
		t.Fatal(err)
	}
	return connect(t, cfg, secure, client)
}

// TestFailClosesItsHalf has the peer learn from the end of TCP that nothing
// comes behind the Close frame, and end its half in turn.
func TestFailClosesItsHalf(t *testing.T) {
	c, p := newTCPPair(t, Config{})
	p.send(true, frame.Continuation, "")
	if _, _, err := c.RecvFrame(); !errors.Is(err, frame.ErrFragmentOrder) {
		t.Fatalf("RecvFrame: %v, want %v", err, frame.ErrFragmentOrder)
	}
	p.want(true, frame.Close, "\x03\xea"+frame.ErrFragmentOrder.Reason+": continuation frame without a message to continue")
	p.wantEnd()
	p.Close()
	if err := c.Close(frame.StatusNormalClosure); !errors.Is(err, frame.ErrFragmentOrder) {
		t.Errorf("Close: %v, want %v", err, frame.ErrFragmentOrder)
	}
}

// TestFailInTime has a peer that reads nothing, so that there is no telling it.
func TestFailInTime(t *testing.T) {
	for _, test := range []struct {
		name    string
		timeout time.Duration
		want    time.Duration
	}{
		{"7.1.7/no_timeout", 0, closeTimeout},
		{"7.1.7/timeout", 2 * time.Second, 2 * time.Second},
		{"7.1.7/short_timeout", time.Nanosecond, minCloseTimeout},
		{"7.1.7/long_timeout", time.Hour, closeTimeout},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Timeout: test.timeout})
				p.stopReading()
				p.send(true, frame.Continuation, "")
				start := time.Now()
				if _, _, err := c.RecvFrame(); !errors.Is(err, frame.ErrFragmentOrder) {
					t.Errorf("RecvFrame: %v, want %v", err, frame.ErrFragmentOrder)
				}
				if took := time.Since(start); took != test.want {
					t.Errorf("RecvFrame took %v, want %v", took, test.want)
				}
			})
		})
	}
}

// TestFailAfterTheEnd has a fault found when something else has ended the
// connection already. That stays what Fatal tells, and nothing is sent.
func TestFailAfterTheEnd(t *testing.T) {
	c, p := newPair(t, Config{})
	c.CloseNow()
	if err := failProtocol(c, frame.ErrFragmentOrder); err != net.ErrClosed {
		t.Errorf("failProtocol: %v, want %v", err, net.ErrClosed)
	}
	wantFatal(t, c, net.ErrClosed)
	p.wantEnd()
}

// failProtocol fails the connection as a Recv call would.
func failProtocol(c *Conn, err error) error {
	c.recv.mu.Lock()
	defer c.recv.mu.Unlock()
	return c.recv.failProtocol(err)
}

// TestCloseAfterTheEnd closes when an error has ended the connection. Close returns that
// error, and sends no Close frame but the one that tells the peer its fault.
func TestCloseAfterTheEnd(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(c *Conn, p *peer) error
		sent uint64 // frames
		want error
	}{
		{"7.1.5/eof", func(c *Conn, p *peer) error {
			p.Conn.(*wiretest.Conn).CloseWrite() // it may still read
			return recvError(c)
		}, 0, io.EOF},
		{"7.1.5/inside_a_frame", func(c *Conn, p *peer) error {
			p.sendBytes(p.frame(true, frame.Text, "x")[:1])
			p.Conn.(*wiretest.Conn).CloseWrite()
			return recvError(c)
		}, 0, io.ErrUnexpectedEOF},
		{"7.1.5/reset", func(c *Conn, p *peer) error {
			p.own.ScriptReads(wiretest.Step{Err: syscall.ECONNRESET})
			return recvError(c)
		}, 0, syscall.ECONNRESET},
		{"5.5.2/silent", func(c *Conn, p *peer) error { return c.end(ErrPeerSilent) }, 0, ErrPeerSilent},
		{"7.1.7/fault", func(c *Conn, p *peer) error {
			p.send(true, frame.Continuation, "")
			return recvError(c)
		}, 1, frame.ErrFragmentOrder},
		{"7.1.1/CloseNow", func(c *Conn, p *peer) error { c.CloseNow(); return c.Fatal() }, 0, net.ErrClosed},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{})
				o, _ := observe(t, c)
				fatal := test.end(c, p)
				go io.Copy(io.Discard, p.Conn)
				before := p.own.Writes()
				if err := c.Close(frame.StatusNormalClosure); !errors.Is(err, test.want) || err != fatal {
					t.Errorf("Close: %v, want %v, as before: %v", err, test.want, fatal)
				}
				wantFatal(t, c, fatal)
				p.wantWrites(before)
				if n := o.Sent.Frames(); n != test.sent {
					t.Errorf("%d frames were sent, want %d", n, test.sent)
				}
			})
		})
	}
}

func recvError(c *Conn) error {
	_, _, err := c.RecvMessage()
	return err
}
