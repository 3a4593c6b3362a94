package endpoint

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// newPairWithoutDeadlines is newPair over a connection whose deadlines cannot be set.
func newPairWithoutDeadlines(t *testing.T, cfg Config) (*Conn, *peer) {
	t.Helper()
	own, other := wiretest.Pipe()
	c, p := connect(t, cfg, wiretest.NoDeadlines{Conn: own}, other)
	p.own = own
	return c, p
}

// TestEndsWithoutDeadlines has calls end that a deadline would end elsewhere.
func TestEndsWithoutDeadlines(t *testing.T) {
	for _, test := range []struct {
		name string
		call func(c *Conn, p *peer) error
		want time.Duration
	}{
		{"7.1.1/Close_of_silent_peer", func(c *Conn, p *peer) error {
			return c.Close(frame.StatusNormalClosure)
		}, closeTimeout},
		{"7.1.1/Close_not_taken", func(c *Conn, p *peer) error {
			p.stopReading()
			return c.Close(frame.StatusNormalClosure)
		}, closeTimeout},
		{"7.1.1/Close_while_a_send_waits", func(c *Conn, p *peer) error {
			p.stopReading()
			waits(func() { c.SendString("x") })
			return c.Close(frame.StatusNormalClosure)
		}, closeTimeout},
		{"7.1.1/Close_after_failed_send", func(c *Conn, p *peer) error {
			p.own.ScriptWrites(wiretest.Step{Err: errors.New("oops")})
			c.SendString("x")
			return c.Close(frame.StatusNormalClosure)
		}, 0},
		{"7.1.7/fault_not_taken", func(c *Conn, p *peer) error {
			p.stopReading()
			p.send(true, frame.Continuation, "")
			_, _, err := c.RecvFrame()
			return err
		}, closeTimeout},
		{"7.1.7/send_waits_at_fault", func(c *Conn, p *peer) error {
			p.stopReading()
			stuck := make(chan error, 1)
			waits(func() { stuck <- c.SendString("x") })
			p.send(true, frame.Continuation, "")
			go c.RecvFrame()
			return <-stuck
		}, closeTimeout},
		{"7.1.5/send_waits_at_end_of_TCP", func(c *Conn, p *peer) error {
			p.stopReading()
			waits(func() { c.RecvFrame() })
			time.AfterFunc(time.Second, func() { p.Conn.(*wiretest.Conn).CloseWrite() })
			return c.SendString("x")
		}, time.Second},
		{"7.1.6/RecvFrame_waits_at_failed_send", func(c *Conn, p *peer) error {
			p.own.ScriptWrites(wiretest.Step{Err: errors.New("oops")})
			waits(func() { c.SendString("x") })
			_, _, err := c.RecvFrame()
			return err
		}, lingerTimeout},
		{"7.1.6/RecvFrame_waits_at_CloseNow", func(c *Conn, p *peer) error {
			waits(func() { <-time.After(time.Second); c.CloseNow() })
			_, _, err := c.RecvFrame()
			return err
		}, time.Second},
		{"7.1.6/send_waits_at_CloseNow", func(c *Conn, p *peer) error {
			p.stopReading()
			waits(func() { <-time.After(time.Second); c.CloseNow() })
			return c.SendString("x")
		}, time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPairWithoutDeadlines(t, Config{})
				start := time.Now()
				if err := test.call(c, p); err == nil {
					t.Error("no error")
				}
				if took := time.Since(start); took != test.want {
					t.Errorf("took %v, want %v", took, test.want)
				}
				start = time.Now()
				c.CloseNow()
				if took := time.Since(start); took != 0 || c.Fatal() == nil {
					t.Errorf("CloseNow took %v, Fatal: %v", took, c.Fatal())
				}
				p.wantEndOfAll(c)
			})
		})
	}
}

// waits calls f on a goroutine of the bubble, and returns when it waits.
func waits(f func()) {
	go f()
	synctest.Wait()
}
