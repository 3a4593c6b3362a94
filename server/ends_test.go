package server

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// TestEnds has a connection end in many ways, and looks for goroutines and
// descriptors that are left.
func TestEnds(t *testing.T) {
	echoes := func(_ *testing.T, c *Conn) { echo(c) }
	for _, test := range []struct {
		name string
		fn   func(t *testing.T, c *Conn)
		peer func(nc *net.TCPConn)
	}{
		{"7.1.2/normal_close", echoes, func(nc *net.TCPConn) {
			io.WriteString(nc, sent(true, frame.Text, "hello")+sent(true, frame.Close, ""))
		}},
		{"7.1.5/reset", echoes, func(nc *net.TCPConn) {
			io.WriteString(nc, sent(true, frame.Text, "hello"))
			nc.SetLinger(0)
			nc.Close()
		}},
		{"7.1.5/half_close", echoes, func(nc *net.TCPConn) {
			io.WriteString(nc, sent(true, frame.Text, "hello")[:3])
			nc.CloseWrite()
		}},
		{"7.1.5/timeout", func(t *testing.T, c *Conn) {
			c.SetTimeout(time.Millisecond)
			if _, _, err := c.RecvFrame(); err != os.ErrDeadlineExceeded {
				t.Errorf("RecvFrame: %v, want a timeout", err)
			}
			c.CloseNow()
		}, func(nc *net.TCPConn) { io.WriteString(nc, sent(true, frame.Close, "")[:1]) }},
		{"7.1.7/protocol_error", echoes, func(nc *net.TCPConn) {
			nc.Write([]byte{0xff, 0xff})
			nc.CloseWrite()
		}},
		{"returns_early", func(t *testing.T, c *Conn) {}, func(nc *net.TCPConn) {
			io.WriteString(nc, sent(true, frame.Text, strings.Repeat("x", 60000))+sent(true, frame.Close, ""))
		}},
		{"Close_while_RecvFrame_waits", func(t *testing.T, c *Conn) {
			duringRecv(c, func() { c.Close() })
		}, func(nc *net.TCPConn) { io.WriteString(nc, sent(true, frame.Close, "")) }},
		{"CloseNow_while_RecvFrame_waits", func(t *testing.T, c *Conn) {
			if err := duringRecv(c, func() { c.CloseNow() }); err != net.ErrClosed {
				t.Errorf("RecvFrame: %v, want %v", err, net.ErrClosed)
			}
		}, func(nc *net.TCPConn) {}},
		{"Close_while_a_send_waits", func(t *testing.T, c *Conn) {
			if err := duringSend(c, func() { c.Close() }); !errors.Is(err, os.ErrDeadlineExceeded) && err != net.ErrClosed {
				t.Errorf("SendBinary: %v, want a timeout or %v", err, net.ErrClosed)
			}
		}, seeBeginning},
		{"CloseNow_while_a_send_waits", func(t *testing.T, c *Conn) {
			if err := duringSend(c, func() { c.CloseNow() }); err != net.ErrClosed {
				t.Errorf("SendBinary: %v, want %v", err, net.ErrClosed)
			}
		}, seeBeginning},
	} {
		t.Run(test.name, func(t *testing.T) {
			wiretest.NoLeaks(t)
			ended := make(chan bool)
			ts := serve(t, &Options{MaxSendLen: endless}, func(c *Conn) {
				defer close(ended)
				test.fn(t, c)
				c.Close()
				if c.Fatal() == nil {
					t.Error("Fatal() = nil after Close")
				}
			}, nil)
			nc := dial(t, ts.Listener.Addr(), "")
			test.peer(nc)
			<-ended
			nc.Close()
		})
	}
}

// duringRecv calls end while RecvFrame waits, and returns what that returned.
func duringRecv(c *Conn, end func()) (err error) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for err == nil {
			_, _, err = c.RecvFrame()
		}
	})
	wg.Go(end)
	wg.Wait()
	return err
}

// duringSend calls end while a send waits for a peer that does not read on, and
// returns what the send returned.
func duringSend(c *Conn, end func()) error {
	failed := make(chan error)
	go func() { failed <- c.SendBinary(make([]byte, endless)) }()
	c.RecvFrame() // the peer has seen the beginning
	go end()
	return <-failed
}

// endless is how many bytes do not fit into the kernel's buffers.
const endless = 64 << 20

// seeBeginning reads the first byte that the server sends, and says so.
func seeBeginning(nc *net.TCPConn) {
	nc.SetReadBuffer(4 << 10)
	nc.Read(make([]byte, 1))
	io.WriteString(nc, sent(true, frame.Text, "seen"))
}
