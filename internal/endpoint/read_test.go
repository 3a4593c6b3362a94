package endpoint

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/socket"
)

// transports are connections of all kinds, from their two ends.
var transports = []struct {
	name    string
	pair    func(t *testing.T, cfg Config) (*Conn, *peer)
	holding bool // a buffer, while waiting
}{
	{"memory", newPair, true},
	{"net.Pipe", func(t *testing.T, cfg Config) (*Conn, *peer) {
		own, other := net.Pipe()
		return connect(t, cfg, own, other)
	}, true},
	{"socket", newSocketPair, false},
	{"tcp", newTCPPair, false},
	{"unix", newUnixPair, false},
	{"tls", newTLSPair, true},
	{"tcp_wrapped", func(t *testing.T, cfg Config) (*Conn, *peer) {
		own, other := tcpPipe(t)
		return connect(t, cfg, struct{ net.Conn }{own}, other)
	}, true},
}

// newSocketPair is newPair over TCP and the library's own poller.
func newSocketPair(t *testing.T, cfg Config) (*Conn, *peer) {
	t.Helper()
	own, other := tcpPipe(t)
	taken, err := socket.Take(own)
	if err == errors.ErrUnsupported {
		own.Close()
		other.Close()
		t.Skip("no poller for this system")
	} else if err != nil {
		t.Fatal(err)
	}
	return connect(t, cfg, taken, other)
}

func newUnixPair(t *testing.T, cfg Config) (*Conn, *peer) {
	t.Helper()
	own, other := unixPipe(t)
	return connect(t, cfg, own, other)
}

// TestTransports echoes frames of all sizes, through timeouts, and closes.
func TestTransports(t *testing.T) {
	for _, transport := range transports {
		for _, role := range []frame.Role{frame.Server, frame.Client} {
			t.Run(transport.name+"/"+role.String(), func(t *testing.T) {
				c, p := transport.pair(t, Config{Role: role, MaxPayloadLen: -1})
				done := make(chan error)
				go func() { done <- echoToEnd(c) }()
				for _, n := range []int{0, 1, 125, 126, 2048, 8192, 65535, 65536, 300000} {
					payload := strings.Repeat("x", n)
					go p.send(true, frame.Text, payload)
					p.want(true, frame.Text, payload)
				}
				go p.sendClose(frame.StatusGoingAway, "")
				p.wantClose(frame.StatusGoingAway)
				go p.Close()
				if err := <-done; err != nil {
					t.Errorf("Close: %v", err)
				}
			})
		}
	}
}

// echoToEnd echoes messages and closes the connection. Receiving times out now
// and then; a Timeout of the connection's would be for sending, too, which has
// to be done.
func echoToEnd(c *Conn) error {
	for {
		c.nc.SetReadDeadline(time.Now().Add(time.Millisecond))
		data, typ, err := c.RecvMessage()
		if err == os.ErrDeadlineExceeded && c.Fatal() == nil {
			continue
		}
		if err != nil {
			return c.Close(frame.StatusNormalClosure)
		}
		c.SendFrame(true, typ, data)
	}
}

// TestWaitingHoldsLittle looks at the window that is kept over a wait.
func TestWaitingHoldsLittle(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport.name, func(t *testing.T) {
			c, p := transport.pair(t, Config{Timeout: time.Millisecond})
			wantFrame(t, c, "", 0, os.ErrDeadlineExceeded)
			if c.recv.window.slab != nil {
				t.Errorf("%d bytes are held with nothing received", len(c.recv.window.slab.buf))
			}
			b := p.frame(true, frame.Binary, strings.Repeat("x", 60000))
			go p.Write(b[:30])
			for c.recv.window.len() < 30 {
				wantFrame(t, c, "", 0, os.ErrDeadlineExceeded)
			}
			most := minSlabLen + slabSlack
			if transport.holding {
				most = heldLen + slabSlack
			}
			if n := len(c.recv.window.slab.buf); n > most {
				t.Errorf("%d bytes are held for a frame of which 30 are received", n)
			}
			go p.Write(b[30:])
			for {
				data, _, err := c.RecvFrame()
				if err == nil {
					if string(data) != strings.Repeat("x", 60000) {
						t.Error("the frame has changed")
					}
					return
				}
				if c.Fatal() != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestSocketErrors has the peer end TCP in its ways.
func TestSocketErrors(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(p *peer)
		want error
	}{
		{"7.1.5/close", func(p *peer) { p.Close() }, io.EOF},
		{"7.1.5/half_close", func(p *peer) { p.Conn.(*net.TCPConn).CloseWrite() }, io.EOF},
		{"7.1.5/reset", func(p *peer) { p.Conn.(*net.TCPConn).SetLinger(0); p.Close() }, syscall.ECONNRESET},
		{"7.1.5/close_inside_a_frame", func(p *peer) { p.sendBytes([]byte{0x81}); p.Close() }, io.ErrUnexpectedEOF},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newTCPPair(t, Config{})
			go test.end(p)
			_, _, err := c.RecvFrame()
			if !errors.Is(err, test.want) {
				t.Errorf("RecvFrame: %v, want %v", err, test.want)
			}
			if err == io.EOF {
				return
			}
			var op *net.OpError
			if errors.As(err, &op) && (op.Op != "read" || op.Addr == nil || op.Source == nil) {
				t.Errorf("RecvFrame: %v, want an error like those of package net", err)
			}
		})
	}
}

// TestNoAllocation holds that a frame up to the size of a read costs none, over
// TCP and in the steady state.
func TestNoAllocation(t *testing.T) {
	c, p := newTCPPair(t, Config{Timeout: time.Minute})
	payload := []byte(strings.Repeat("x", 1000))
	b := p.frame(true, frame.Text, string(payload))
	in := make([]byte, len(payload)+4)
	got := allocs(func() {
		p.Write(b)
		data, _, _ := c.RecvFrame()
		c.SendFrame(true, frame.Text, data)
		io.ReadFull(p.in, in)
	})
	if got > 0 || string(in[4:]) != string(payload) {
		t.Errorf("%v allocations to echo a frame", got)
	}
}

// allocs is testing.AllocsPerRun that puts up with a pool which forgets some of
// what it is given, as those of the race detector do.
func allocs(fn func()) float64 {
	least := testing.AllocsPerRun(1, fn)
	for i := 0; i < 100 && least > 0; i++ {
		least = min(least, testing.AllocsPerRun(1, fn))
	}
	return least
}
