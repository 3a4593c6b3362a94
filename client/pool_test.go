package client

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/endpoint"
	"resty.websocket/internal/wiretest"
)

// An upstream is a server in memory, with Options that connect to it.
type upstream struct {
	t     *testing.T
	opts  Options
	conns []*wiretest.Conn              // the server's ends, in the order they were dialled
	fails error                         // of the next Dial
	wrap  func(*wiretest.Conn) net.Conn // makes the connection that Dial returns
}

func newUpstream(t *testing.T) *upstream {
	u := &upstream{t: t}
	u.opts.Dial = u.dial
	return u
}

func (u *upstream) dial(context.Context, string, string) (net.Conn, error) {
	if u.fails != nil {
		return nil, u.fails
	}
	ours, theirs := wiretest.Pipe()
	u.conns = append(u.conns, theirs)
	go func() { accepting(u.t, echo)(theirs); io.Copy(io.Discard, theirs); theirs.Close() }()
	if u.wrap != nil {
		return u.wrap(ours), nil
	}
	return ours, nil
}

// get expects that Get returns a connection.
func (u *upstream) get(p *Pool) *Conn {
	u.t.Helper()
	c, resp, err := p.Get(u.t.Context(), "ws://127.0.0.1/", &u.opts)
	if err != nil {
		u.t.Fatal(err)
	}
	if resp == nil || resp != c.Response() {
		u.t.Error("not the connection's response")
	}
	return c
}

// used is get and a conversation.
func (u *upstream) used(p *Pool) *Conn {
	u.t.Helper()
	c := u.get(p)
	if err := c.SendString("hello"); err != nil {
		u.t.Fatal(err)
	}
	if data, _, err := c.RecvMessage(); string(data) != "hello" || err != nil {
		u.t.Fatalf("%q, %v", data, err)
	}
	return c
}

func put(t *testing.T, p *Pool, conns ...*Conn) {
	t.Helper()
	for _, c := range conns {
		if err := p.Put(c); err != nil {
			t.Fatal(err)
		}
	}
}

// ended expects that c, the connection of a *Conn, is over when all goroutines wait.
func ended(t *testing.T, c *endpoint.Conn, is bool) {
	t.Helper()
	synctest.Wait()
	if err := c.Fatal(); (err != nil) != is {
		t.Errorf("Fatal: %v", err)
	}
}

func TestPoolReuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), new(Pool)
		a, b := u.used(p), u.used(p)
		first, second := a.conn(), b.conn()
		if first == second {
			t.Fatal("a connection in use was given away")
		}
		a.SetTimeout(time.Second)
		put(t, p, b, a)
		u.opts.Timeout = time.Second / 2
		a = u.used(p)
		if a.conn() != first {
			t.Error("not the connection that was put last")
		}
		began := time.Now()
		if _, _, err := a.RecvFrame(); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != time.Second/2 {
			t.Errorf("%v after %v, want the Timeout of the Options", err, time.Since(began))
		}
		b = u.used(p)
		if b.conn() != second || len(u.conns) != 2 {
			t.Errorf("%d connections were made", len(u.conns))
		}
		put(t, p, a, b)
		p.Close()
	})
}

// Put refuses a connection that is not as good as new.
func TestPoolPutRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		does func(t *testing.T, c *Conn, server *wiretest.Conn)
	}{
		{"over", func(t *testing.T, c *Conn, server *wiretest.Conn) { c.CloseNow() }},
		{"close_sent", func(t *testing.T, c *Conn, server *wiretest.Conn) { c.SendClose(1000, "") }},
		{"unfinished_send", func(t *testing.T, c *Conn, server *wiretest.Conn) { c.SendFrame(false, frame.Text, nil) }},
		{"unfinished_receipt", func(t *testing.T, c *Conn, server *wiretest.Conn) {
			io.WriteString(server, "\x01\x02hi")
			if _, _, err := c.RecvFrame(); err != ErrAgain {
				t.Fatal(err)
			}
		}},
		{"unread", func(t *testing.T, c *Conn, server *wiretest.Conn) {
			io.WriteString(server, "\x81\x02hi\x81\x02ho")
			if _, _, err := c.RecvFrame(); err != nil {
				t.Fatal(err)
			}
		}},
		{"receiving", func(t *testing.T, c *Conn, server *wiretest.Conn) {
			go c.RecvFrame()
			synctest.Wait()
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u, p := newUpstream(t), &Pool{MaxOpen: 1}
				c := u.used(p)
				refused := c.conn()
				tt.does(t, c, u.conns[0])
				if err := p.Put(c); err == nil {
					t.Fatal("kept")
				}
				if err := p.Put(c); err != errNotLent {
					t.Errorf("put twice: %v", err)
				}
				got := u.used(p) // the place is free
				if got.conn() == refused || got.ReusedTimes() != 0 {
					t.Error("the same connection")
				}
				put(t, p, got)
				ended(t, refused, true)
				p.Close()
			})
		})
	}
}

func TestPoolClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{MaxOpen: 1}
		idle, _, err := p.Get(t.Context(), "ws://127.0.0.1/other", &u.opts)
		if err != nil {
			t.Fatal(err)
		}
		waits := idle.conn()
		put(t, p, idle)
		busy := u.used(p)
		works := busy.conn()
		failed := make(chan error)
		go func() {
			_, _, err := p.Get(t.Context(), "ws://127.0.0.1/", &u.opts)
			failed <- err
		}()
		synctest.Wait()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if err := <-failed; err != ErrPoolClosed {
			t.Errorf("who waits gets %v", err)
		}
		ended(t, waits, true)
		if busy.Fatal() != nil {
			t.Errorf("a connection in use has ended: %v", busy.Fatal())
		}
		if err := p.Put(busy); err != ErrPoolClosed {
			t.Errorf("Put: %v", err)
		}
		ended(t, works, true)
		if _, _, err := p.Get(t.Context(), "ws://127.0.0.1/", &u.opts); err != ErrPoolClosed {
			t.Errorf("Get: %v", err)
		}
	})
}

// A panic of a function of the Options goes on to the caller of Get, and leaves
// neither a place in the pool nor a connection behind.
func TestPoolPanic(t *testing.T) {
	for _, tt := range []struct {
		name, url string
		opts      func(o *Options)
	}{
		{"dial", "ws://127.0.0.1/", func(o *Options) {
			o.Dial = func(context.Context, string, string) (net.Conn, error) { panic("oops") }
		}},
		{"proxy", "ws://127.0.0.1/", func(o *Options) {
			o.Proxy = func(*http.Request) (*url.URL, error) { panic("oops") }
		}},
		{"tls", "wss://127.0.0.1/", func(o *Options) {
			o.TLSConfig = &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(tls.ConnectionState) error { panic("oops") }}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wiretest.NoLeaks(t)
			addr := listenTCP(t, secured(&tls.Config{Certificates: []tls.Certificate{newAuthority(t).forServer()}}, func(net.Conn) {}))
			opts := &Options{Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, addr)
			}}
			tt.opts(opts)
			p := &Pool{MaxOpen: 1, MaxWaiting: -1}
			for range 2 {
				func() {
					defer func() {
						if got := recover(); got != "oops" {
							t.Errorf("recovered %v", got)
						}
					}()
					_, _, err := p.Get(context.WithoutCancel(t.Context()), tt.url, opts)
					t.Errorf("Get: %v", err)
				}()
			}
			if len(p.kinds) != 0 {
				t.Errorf("%d kinds are left", len(p.kinds))
			}
		})
	}
}
