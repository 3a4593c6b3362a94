package client

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/wiretest"
)

// A counted is a connection that is counted until it is closed.
type counted struct {
	net.Conn
	open  *atomic.Int32
	close sync.Once
}

func (c *counted) Close() error {
	c.close.Do(func() { c.open.Add(-1) })
	return c.Conn.Close()
}

// fickle is an echo that ends the connection now and then, instead of an answer or
// after it. In the second case the client may have put the connection back.
func fickle(nc net.Conn) {
	defer nc.Close()
	request, err := http.ReadRequest(bufio.NewReader(nc))
	if err != nil { // the client has given up already
		return
	}
	io.WriteString(nc, switchingProtocols(request))
	r, w := frame.NewReader(nc, frame.Server, 0), frame.NewWriter(nc, frame.Server, 0)
	for {
		f, err := r.ReadFrame()
		if err != nil || rand.N(8) == 0 {
			return
		}
		w.WriteFrame(true, f.Opcode, f.Payload)
		if f.Opcode == frame.Close || rand.N(8) == 0 {
			return
		}
	}
}

// Goroutines get, use, break, put and abandon connections at the same time, and the
// server ends some of them. Then the pool is closed.
func TestPoolConcurrently(t *testing.T) {
	wiretest.NoLeaks(t)
	addr := listenTCP(t, fickle)
	const maxOpen = 3
	var open atomic.Int32
	opts := &Options{Timeout: patience, Proxy: proxy("")}
	opts.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		nc, err := new(net.Dialer).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		if n := open.Add(1); n > maxOpen {
			t.Errorf("%d connections are open", n)
		}
		return &counted{Conn: nc, open: &open}, nil
	}
	p := &Pool{MaxOpen: maxOpen, MaxIdle: 2, MaxWaiting: 6, IdleTimeout: time.Millisecond}
	var used sync.Map // the connections that are in use
	use := func(ctx context.Context) error {
		c, _, err := p.Get(ctx, "ws://"+addr, opts)
		if err != nil {
			return err
		}
		defer p.Put(c)
		if _, twice := used.LoadOrStore(c.conn(), true); twice {
			t.Error("one connection for two")
		}
		defer used.Delete(c.conn())
		c.SendString("hello")
		if data, _, err := c.RecvMessage(); err == nil && string(data) != "hello" {
			t.Errorf("received %q", data)
		}
		if rand.N(8) == 0 {
			c.CloseNow()
		}
		return nil
	}
	var users sync.WaitGroup
	var tries atomic.Int32
	for range 8 {
		users.Go(func() {
			for {
				ctx, cancel := context.WithTimeout(t.Context(), rand.N(10*time.Millisecond))
				err := use(ctx)
				cancel()
				var failed *handshake.Error
				switch {
				case err == ErrPoolClosed:
					return
				case err == ErrTooManyWaiting:
					continue
				case err != nil && !errors.As(err, &failed) && !errors.Is(err, context.DeadlineExceeded):
					t.Error(err)
				}
				if tries.Add(1) == 500 {
					users.Go(func() { p.Close() })
				}
			}
		})
	}
	users.Wait()
	if n := open.Load(); n != 0 || len(p.lent) != 0 {
		t.Errorf("%d connections are open, %d lent", n, len(p.lent))
	}
}
