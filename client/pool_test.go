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
	"resty.websocket/handshake"
	"resty.websocket/internal/wiretest"
)

// An upstream is what a pool connects to, in memory.
type upstream struct {
	t     *testing.T
	opts  Options
	conns []*wiretest.Conn // the server's ends, in the order they were dialled
	fails error            // of the next Dial
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

// ended expects that c is over when all goroutines have come to rest.
func ended(t *testing.T, c *Conn, is bool) {
	t.Helper()
	synctest.Wait()
	if err := c.Fatal(); (err != nil) != is {
		t.Errorf("Fatal: %v", err)
	}
}

func TestPoolReuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), new(Pool)
		a := u.used(p)
		b := u.used(p)
		if a == b {
			t.Fatal("a connection in use was given away")
		}
		a.SetTimeout(time.Second)
		put(t, p, b, a)
		u.opts.Timeout = time.Second / 2
		if got := u.used(p); got != a {
			t.Error("not the connection that was put last")
		}
		began := time.Now()
		if _, _, err := a.RecvFrame(); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != time.Second/2 {
			t.Errorf("%v after %v, want the Timeout of the Options", err, time.Since(began))
		}
		if got := u.used(p); got != b || len(u.conns) != 2 {
			t.Errorf("%d connections were made", len(u.conns))
		}
		put(t, p, a, b)
		p.Close()
	})
}

// What has happened to a connection that waits in the pool.
func TestPoolHandsOutNothingUsed(t *testing.T) {
	for _, tt := range []struct {
		name string
		does func(server *wiretest.Conn)
	}{
		{"end", func(server *wiretest.Conn) { server.Close() }},
		{"reset", func(server *wiretest.Conn) { server.Reset() }},
		{"text", func(server *wiretest.Conn) { io.WriteString(server, "\x81\x02hi") }},
		{"ping", func(server *wiretest.Conn) { io.WriteString(server, "\x89\x00") }},
		{"close", func(server *wiretest.Conn) { io.WriteString(server, "\x88\x02\x03\xe9") }},
		{"half_a_header", func(server *wiretest.Conn) { io.WriteString(server, "\x81") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u, p := newUpstream(t), new(Pool)
				a := u.used(p)
				put(t, p, a)
				tt.does(u.conns[0])
				ended(t, a, true) // nobody has to ask for it before
				b := u.used(p)
				if b == a || len(u.conns) != 2 {
					t.Errorf("%d connections were made", len(u.conns))
				}
				put(t, p, b)
				p.Close()
			})
		})
	}
}

// What makes Put refuse a connection.
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
				tt.does(t, c, u.conns[0])
				if err := p.Put(c); err == nil {
					t.Fatal("kept")
				}
				if err := p.Put(c); err != errNotLent {
					t.Errorf("put twice: %v", err)
				}
				if got := u.used(p); got == c { // its place is free
					t.Error("the same connection")
				} else {
					put(t, p, got)
				}
				ended(t, c, true)
				p.Close()
			})
		})
	}
}

func TestPoolIdleTimeout(t *testing.T) {
	for _, tt := range []struct {
		name       string
		timeout    time.Duration
		before, at time.Duration
		ends       bool
	}{
		{"default", 0, time.Minute - 1, time.Minute, true},
		{"set", time.Hour, time.Hour - 1, time.Hour, true},
		{"none", -1, time.Hour, 1000 * time.Hour, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u, p := newUpstream(t), &Pool{IdleTimeout: tt.timeout}
				c := u.used(p)
				put(t, p, c)
				<-time.After(tt.before)
				ended(t, c, false)
				<-time.After(tt.at - tt.before)
				ended(t, c, tt.ends)
				p.Close()
			})
		})
	}
}

func TestPoolMaxIdle(t *testing.T) {
	for _, tt := range []struct {
		name    string
		maxIdle int
		made    int
		kept    int
	}{
		{"default", 0, 32, 30},
		{"set", 2, 3, 2},
		{"none", -1, 2, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u, p := newUpstream(t), &Pool{MaxIdle: tt.maxIdle}
				var conns []*Conn
				for range tt.made {
					conns = append(conns, u.used(p))
				}
				put(t, p, conns...)
				for i, c := range conns {
					ended(t, c, i < tt.made-tt.kept) // the first have made room
				}
				p.Close()
			})
		})
	}
}

// Those who wait get their turn in the order in which they came.
func TestPoolMaxOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{MaxOpen: 1, MaxWaiting: 2}
		c := u.used(p)
		order := make(chan int, 2)
		got := make(chan *Conn)
		for i := range 2 {
			go func() {
				c := u.used(p)
				order <- i
				got <- c
			}()
			synctest.Wait()
		}
		if _, _, err := p.Get(t.Context(), "ws://127.0.0.1/", &u.opts); err != ErrTooManyWaiting {
			t.Errorf("third call of Get: %v", err)
		}
		put(t, p, c)
		if again := <-got; again != c || <-order != 0 {
			t.Error("the second was served first, or with another connection")
		}
		c.CloseNow()
		if p.Put(c) == nil {
			t.Error("kept what is over")
		}
		other := <-got
		if other == c || <-order != 1 || len(u.conns) != 2 {
			t.Errorf("%d connections were made", len(u.conns))
		}
		put(t, p, other)
		p.Close()
	})
}

// Other kinds do not wait for one another.
func TestPoolKindsAreApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{MaxOpen: 1}
		a := u.used(p)
		put(t, p, a)
		b, _, err := p.Get(t.Context(), "ws://127.0.0.1/other", &u.opts)
		if err != nil || a == b {
			t.Fatalf("%v, %v", b, err)
		}
		put(t, p, b)
		p.Close()
		if len(p.kinds) != 0 {
			t.Errorf("%d kinds are left", len(p.kinds))
		}
	})
}

// A turn that comes to somebody who has a use for it no more is passed on.
func TestPoolTurnIsPassedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{MaxOpen: 1}
		c := u.used(p)

		ctx, cancel := context.WithCancelCause(t.Context())
		gaveUp := make(chan error)
		go func() {
			_, _, err := p.Get(ctx, "ws://127.0.0.1/", &u.opts)
			gaveUp <- err
		}()
		synctest.Wait()
		cause := errors.New("enough")
		cancel(cause)
		if err := <-gaveUp; err != cause {
			t.Errorf("%v, want the context's cause", err)
		}

		failed := make(chan error)
		go func() {
			_, _, err := p.Get(t.Context(), "ws://127.0.0.1/", &u.opts)
			failed <- err
		}()
		synctest.Wait()
		u.fails = errors.New("unreachable")
		c.CloseNow()
		p.Put(c)
		if err := <-failed; !errors.Is(err, u.fails) {
			t.Errorf("%v, want the dialler's error", err)
		}
		u.fails = nil
		put(t, p, u.used(p)) // the place is free again
		p.Close()
	})
}

// A turn and the end of the context may come at the same time.
func TestPoolTurnAtTheLastMoment(t *testing.T) {
	p := new(Pool)
	k := p.kind(kindKey{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 { // which of the two is noticed first is left to chance
		turn := make(chan *resting, 1)
		r := new(resting)
		turn <- r // k.waiting has it no more
		if got, err := p.await(ctx, k, turn); got != r || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	}
}

func TestPoolClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{MaxOpen: 1}
		idle, _, err := p.Get(t.Context(), "ws://127.0.0.1/other", &u.opts)
		if err != nil {
			t.Fatal(err)
		}
		put(t, p, idle)
		busy := u.used(p)
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
		ended(t, idle, true)
		if busy.Fatal() != nil {
			t.Errorf("a connection in use has ended: %v", busy.Fatal())
		}
		if err := p.Put(busy); err != ErrPoolClosed {
			t.Errorf("Put: %v", err)
		}
		ended(t, busy, true)
		if _, _, err := p.Get(t.Context(), "ws://127.0.0.1/", &u.opts); err != ErrPoolClosed {
			t.Errorf("Get: %v", err)
		}
	})
}

// What makes a difference, and what does not.
func TestKindOf(t *testing.T) {
	cfg := new(tls.Config)
	base := func() *Options {
		return &Options{Protocols: []string{"a", "b"}, Header: http.Header{"X": {"1"}, "Y": {"2"}}, TLSConfig: cfg}
	}
	for _, tt := range []struct {
		name, url string
		change    func(o *Options)
		same      bool
	}{
		{"same_values", "", func(o *Options) {}, true},
		{"timeout", "", func(o *Options) { o.Timeout = 1 }, true},
		{"url", "x", func(o *Options) {}, false},
		{"subprotocols", "", func(o *Options) { o.Protocols = []string{"b", "a"} }, false},
		{"subprotocols_joined", "", func(o *Options) { o.Protocols = []string{"a,b"} }, false},
		{"header", "", func(o *Options) { o.Header.Set("X", "2") }, false},
		{"origin", "", func(o *Options) { o.Origin = "x" }, false},
		{"host", "", func(o *Options) { o.Host = "x" }, false},
		{"key", "", func(o *Options) { o.Key = "x" }, false},
		{"tls", "", func(o *Options) { o.TLSConfig = cfg.Clone() }, false},
		{"limit", "", func(o *Options) { o.MaxRecvLen = 1 }, false},
		{"cork", "", func(o *Options) { o.Cork = true }, false},
		{"keepalive", "", func(o *Options) { o.KeepAlive.Enable = true }, false},
		{"deflate", "", func(o *Options) { o.Deflate = new(handshake.Deflate) }, false},
		{"unmasked", "", func(o *Options) { o.SendUnmasked = true }, false},
		{"dial", "", func(o *Options) { o.Dial = new(net.Dialer).DialContext }, false},
		{"proxy", "", func(o *Options) { o.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil } }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			changed := base()
			tt.change(changed)
			if same := kindOf("", base()) == kindOf(tt.url, changed); same != tt.same {
				t.Errorf("same: %t", same)
			}
		})
	}
	o, other := base(), base()
	o.Deflate, other.Deflate = &handshake.Deflate{Level: 2}, &handshake.Deflate{Level: 2}
	if kindOf("", o) != kindOf("", other) {
		t.Error("the same parameters of compression are not the same")
	}
	o.Dial = new(net.Dialer).DialContext
	if kindOf("", o) != kindOf("", o) {
		t.Error("the same Options with a function are not the same")
	}
}

// On sockets, what has arrived a moment ago is seen, with TLS or without.
func TestPoolSockets(t *testing.T) {
	ca := newAuthority(t)
	opts := &Options{TLSConfig: &tls.Config{RootCAs: ca.roots}}
	for _, scheme := range []string{"ws", "wss"} {
		t.Run(scheme, func(t *testing.T) {
			wiretest.NoLeaks(t)
			sent := make(chan bool)
			serve := accepting(t, func(nc net.Conn) {
				frames := frame.NewReader(nc, frame.Server, 0)
				for {
					f, err := frames.ReadFrame()
					if err != nil || f.Opcode == frame.Close {
						nc.Close()
						return
					}
					if string(f.Payload) == "answer" {
						io.WriteString(nc, "\x81\x02hi")
					}
					sent <- true
				}
			})
			if scheme == "wss" {
				serve = secured(&tls.Config{Certificates: []tls.Certificate{ca.forServer()}}, serve)
			}
			p := new(Pool)
			defer p.Close()
			to := scheme + "://" + listenTCP(t, serve)
			get := func() *Conn {
				c, _, err := p.Get(t.Context(), to, opts)
				if err != nil {
					t.Fatal(err)
				}
				return c
			}
			a := get()
			a.SendString("answer")
			<-sent
			if data, _, err := a.RecvMessage(); string(data) != "hi" || err != nil {
				t.Fatalf("%q, %v", data, err)
			}
			put(t, p, a)
			b := get()
			if b != a {
				t.Fatal("not used again")
			}
			b.SendString("answer")
			<-sent // nobody has received it
			p.Put(b)
			if c := get(); c == b {
				t.Error("handed out with unread data")
			} else {
				put(t, p, c)
			}
		})
	}
}
