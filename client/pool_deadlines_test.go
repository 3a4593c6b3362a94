package client

import (
	"context"
	"errors"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/internal/wiretest"
)

func withoutDeadlines(nc *wiretest.Conn) net.Conn { return wiretest.NoDeadlines{Conn: nc} }

// A slowDeadlines is a connection whose deadlines take effect after release.
type slowDeadlines struct {
	*wiretest.Conn
	release <-chan bool
}

func (c slowDeadlines) SetReadDeadline(t time.Time) error {
	if t.IsZero() {
		return c.Conn.SetReadDeadline(t)
	}
	go func() {
		<-c.release
		c.Conn.SetReadDeadline(t)
	}()
	return nil
}

// A plainTimeouts is a connection whose timeouts are net.Errors and nothing else.
type plainTimeouts struct{ *wiretest.Conn }

type plainTimeout struct{ error }

func (plainTimeout) Timeout() bool   { return true }
func (plainTimeout) Temporary() bool { return true }

func (c plainTimeouts) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err == os.ErrDeadlineExceeded {
		err = plainTimeout{errors.New("deadline reached")}
	}
	return n, err
}

// Connections whose timeouts are plain are used again.
func TestPoolPlainTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), new(Pool)
		u.wrap = func(nc *wiretest.Conn) net.Conn { return plainTimeouts{nc} }
		for i := range 5 {
			c := u.used(p)
			if c.ReusedTimes() != i {
				t.Errorf("ReusedTimes %d, want %d", c.ReusedTimes(), i)
			}
			put(t, p, c)
			synctest.Wait()
		}
		p.Close()
	})
}

// within expects that f returns in d.
func within(t *testing.T, d time.Duration, what string, f func()) {
	t.Helper()
	began := time.Now()
	f()
	if took := time.Since(began); took > d {
		t.Errorf("%s took %v, want %v at most", what, took, d)
	}
}

// The context bounds Get without the connection's deadlines, and Close and
// IdleTimeout end idle connections without them.
func TestPoolWithoutDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{MaxOpen: 1}
		u.wrap = withoutDeadlines
		put(t, p, u.used(p))
		synctest.Wait()
		within(t, 10*time.Millisecond, "Get", func() {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			defer cancel()
			c, _, err := p.Get(ctx, "ws://127.0.0.1/", &u.opts)
			if err == nil {
				put(t, p, c)
			} else if !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		})
		within(t, 5*time.Second, "Get without a context's deadline", func() { put(t, p, u.used(p)) })
		synctest.Wait()
		within(t, 5*time.Second, "Close", func() { p.Close() })
		if len(p.kinds) != 0 {
			t.Errorf("%d kinds are left", len(p.kinds))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{IdleTimeout: time.Minute}
		u.wrap = withoutDeadlines
		c := u.used(p)
		waits := c.conn()
		put(t, p, c)
		<-time.After(time.Minute + 5*time.Second)
		ended(t, waits, true)
		p.Close()
	})
}

// An idle connection that did not stop waiting within the context is not lost.
func TestPoolAbandoned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{MaxOpen: 1, MaxWaiting: -1}
		release := make(chan bool)
		u.wrap = func(nc *wiretest.Conn) net.Conn { return slowDeadlines{nc, release} }
		put(t, p, u.used(p))
		synctest.Wait()
		cause := errors.New("enough")
		ctx, cancel := context.WithTimeoutCause(t.Context(), 10*time.Millisecond, cause)
		defer cancel()
		within(t, 10*time.Millisecond, "Get", func() {
			if _, _, err := p.Get(ctx, "ws://127.0.0.1/", &u.opts); err != cause {
				t.Errorf("%v, want the context's cause", err)
			}
		})
		close(release)
		synctest.Wait()
		if _, _, err := p.Get(ctx, "ws://127.0.0.1/", &u.opts); err != cause {
			t.Errorf("%v of a context that is done already", err)
		}
		c := u.used(p)
		if c.ReusedTimes() != 1 || len(u.conns) != 1 {
			t.Errorf("ReusedTimes %d, %d connections were made", c.ReusedTimes(), len(u.conns))
		}
		put(t, p, c)
		p.Close()
	})
}

// An abandoned connection does not outlive the pool.
func TestPoolAbandonedAndClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), new(Pool)
		u.wrap = withoutDeadlines
		c := u.used(p)
		waits := c.conn()
		put(t, p, c)
		synctest.Wait()
		got := make(chan error)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			c, _, err := p.Get(ctx, "ws://127.0.0.1/", &u.opts)
			if err == nil {
				p.Put(c)
			}
			got <- err
		}()
		go p.Close()
		synctest.Wait()
		cancel()
		<-got
		within(t, 5*time.Second, "Close", func() { p.Close() })
		ended(t, waits, true)
	})
}

// If an idle connection cannot be used again, Get takes another before it makes one.
func TestPoolTakesAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{MaxOpen: 2}
		first := u.used(p)
		u.wrap = withoutDeadlines
		put(t, p, first, u.used(p))
		synctest.Wait()
		c := u.used(p)
		if c.ReusedTimes() != 1 || len(u.conns) != 2 {
			t.Errorf("ReusedTimes %d, %d connections were made", c.ReusedTimes(), len(u.conns))
		}
		other := u.used(p) // the place is free again
		if other.ReusedTimes() != 0 || len(u.conns) != 3 {
			t.Errorf("ReusedTimes %d, %d connections were made", other.ReusedTimes(), len(u.conns))
		}
		put(t, p, other, c)
		p.Close()
	})
}
