package client

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"

	"resty.websocket/frame"
)

// Each call of Get returns a Conn of its own, which tells how often its connection
// was used before.
func TestPoolReusedTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), new(Pool)
		seen := map[*Conn]bool{}
		c := u.used(p)
		first, response := c.conn(), c.Response()
		for times := range 3 {
			if c.ReusedTimes() != times || c.conn() != first || c.Response() != response {
				t.Errorf("ReusedTimes %d, want %d", c.ReusedTimes(), times)
			}
			if seen[c] {
				t.Error("a Conn was returned twice")
			}
			seen[c] = true
			put(t, p, c)
			c = u.used(p)
		}
		c.CloseNow()
		p.Put(c)
		if c = u.used(p); c.ReusedTimes() != 0 {
			t.Errorf("ReusedTimes %d of a new connection", c.ReusedTimes())
		}
		put(t, p, c)
		p.Close()
	})
}

// A context that the last caller has set does not bound the next one.
func TestPoolRecvContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), new(Pool)
		c := u.used(p)
		done, cancel := context.WithCancel(t.Context())
		c.SetRecvContext(done)
		put(t, p, c)
		cancel()
		c = u.used(p)
		if c.ReusedTimes() != 1 || c.Fatal() != nil {
			t.Errorf("reused %d times, Fatal %v", c.ReusedTimes(), c.Fatal())
		}
		put(t, p, c)
		p.Close()
	})
}

// A Conn that was given back does not reach the connection, which is in use by
// another caller.
func TestPoolGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{MaxOpen: 1}
		stale := u.used(p)
		put(t, p, stale)
		c := u.used(p)
		if err := p.Put(stale); err != errNotLent {
			t.Errorf("put twice: %v", err)
		}
		for name, call := range map[string]func() error{
			"Fatal":       stale.Fatal,
			"SendString":  func() error { return stale.SendString("not for you") },
			"SendFrame":   func() error { return stale.SendFrame(false, frame.Text, nil) },
			"SendClose":   func() error { return stale.SendClose(frame.StatusNormalClosure, "") },
			"Flush":       stale.Flush,
			"RecvFrame":   func() error { _, _, err := stale.RecvFrame(); return err },
			"RecvMessage": func() error { _, _, err := stale.RecvMessage(); return err },
			"Close":       stale.Close,
			"NetConn":     func() error { _, err := stale.NetConn().Write(nil); return err },
		} {
			if err := call(); !errors.Is(err, net.ErrClosed) {
				t.Errorf("%s: %v", name, err)
			}
		}
		stale.SetTimeout(1)
		stale.NetConn().Close()
		if err := stale.CloseNow(); err != nil {
			t.Errorf("CloseNow: %v", err)
		}
		if c.Fatal() != nil || c.SendString("hello") != nil {
			t.Fatalf("the connection in use has ended: %v", c.Fatal())
		}
		if data, _, err := c.RecvMessage(); string(data) != "hello" || err != nil {
			t.Errorf("%q, %v", data, err)
		}
		put(t, p, c)
		p.Close()
	})
}

// All Conns that were given back share one connection. Tests of a program that run in
// bubbles of their own may close them nevertheless.
func TestPoolGivenBackInBubbles(t *testing.T) {
	for range 2 {
		synctest.Test(t, func(t *testing.T) {
			u, p := newUpstream(t), new(Pool)
			stale := u.used(p)
			put(t, p, stale)
			if err := stale.Close(); !errors.Is(err, net.ErrClosed) {
				t.Error(err)
			}
			p.Close()
		})
	}
}
