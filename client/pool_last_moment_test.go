//go:build unix

package client

import (
	"context"
	"io"
	"net"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// A deaf connection reads nothing from the moment that it is told so, and waits for
// its deadline.
type deaf struct {
	net.Conn
	told   atomic.Bool
	passed chan bool
}

func (c *deaf) NetConn() net.Conn { return c.Conn }

func (c *deaf) Read(p []byte) (int, error) {
	if c.told.Load() {
		<-c.passed
		return 0, os.ErrDeadlineExceeded
	}
	return c.Conn.Read(p)
}

func (c *deaf) SetReadDeadline(t time.Time) error {
	if c.told.Load() && !t.IsZero() {
		select {
		case c.passed <- true:
		default:
		}
	}
	return c.Conn.SetReadDeadline(t)
}

// Get notices a frame that has arrived on the connection that it takes, even if the
// goroutine that waits for one has not seen it.
func TestPoolLooksBeforeItHandsOut(t *testing.T) {
	for _, tt := range []struct {
		name string
		sent string
		same bool
	}{
		{"nothing", "", true},
		{"text", "\x81\x02hi", false},
		{"ping", "\x89\x00", false},
		{"close", "\x88\x02\x03\xe9", false},
		{"half_a_header", "\x81", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wiretest.NoLeaks(t)
			servers := make(chan net.Conn, 2)
			addr := listenTCP(t, accepting(t, func(nc net.Conn) {
				servers <- nc
				io.Copy(io.Discard, nc)
				nc.Close()
			}))
			var first *deaf
			opts := &Options{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
				nc, err := new(net.Dialer).DialContext(ctx, network, addr)
				if first == nil {
					first = &deaf{Conn: nc, passed: make(chan bool, 1)}
					return first, err
				}
				return nc, err
			}}
			p := new(Pool)
			defer p.Close()
			get := func() *Conn {
				c, _, err := p.Get(t.Context(), "ws://"+addr, opts)
				if err != nil {
					t.Fatal(err)
				}
				return c
			}
			a := get()
			used := a.conn()
			first.told.Store(true)
			put(t, p, a)
			server := <-servers
			io.WriteString(server, tt.sent)
			if tt.sent != "" {
				awaitArrival(t, first)
			}
			b := get()
			if same := b.conn() == used; same != tt.same {
				t.Errorf("handed out again: %t", same)
			}
			first.told.Store(false)
			if err := b.SendFrame(true, frame.Ping, nil); err != nil {
				t.Errorf("SendFrame: %v", err)
			}
			b.CloseNow()
			p.Put(b)
		})
	}
}
