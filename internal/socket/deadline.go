//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"net"
	"time"
)

// An expiry is a deadline that is to come.
type expiry struct {
	conn  *Conn
	late  state // readLate or writeLate
	timer *time.Timer
}

// stop stops e, which may be nil. It returns false if e may be about to take effect.
func (e *expiry) stop() bool { return e == nil || e.timer.Stop() }

// SetDeadline implements net.Conn.
func (c *Conn) SetDeadline(t time.Time) error {
	if err := c.setDeadline(t, readLate); err != nil {
		return err
	}
	return c.setDeadline(t, writeLate)
}

// SetReadDeadline implements net.Conn.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.setDeadline(t, readLate) }

// SetWriteDeadline implements net.Conn.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.setDeadline(t, writeLate) }

func (c *Conn) setDeadline(t time.Time, late state) error {
	c.mu.Lock()
	if c.state.has(closed) {
		c.mu.Unlock()
		return c.opError("set", net.ErrClosed)
	}
	waiting := c.moveDeadline(t, late)
	c.mu.Unlock()
	wake(waiting)
	return nil
}

// moveDeadline makes t the deadline of a direction. It returns those that wait, for which
// the deadline has passed. c.mu is held, and c is not closed.
func (c *Conn) moveDeadline(t time.Time, late state) (waiting Parker) {
	e := c.takeExpiry(late)
	c.state &^= late
	switch d := time.Until(t); {
	case t.IsZero():
	case d <= 0:
		waiting = c.pass(late)
	default:
		*c.rarely().expiry(late) = e.restart(c, late, d)
	}
	c.dropRare()
	return waiting
}

// takeExpiry removes the expiry of a direction, and returns it if it can be used again.
// c.mu is held.
func (c *Conn) takeExpiry(late state) *expiry {
	if c.rare == nil {
		return nil
	}
	slot := c.rare.expiry(late)
	e := *slot
	*slot = nil
	if stopped := e.stop(); !stopped {
		return nil // it is about to see that it is not the deadline any more
	}
	return e
}

// restart has the deadline pass after d. It uses e, which has been stopped, or makes
// another expiry if e is nil. c.mu is held.
func (e *expiry) restart(c *Conn, late state, d time.Duration) *expiry {
	if e != nil {
		e.timer.Reset(d)
		return e
	}
	e = &expiry{conn: c, late: late}
	e.timer = time.AfterFunc(d, e.expire)
	return e
}

// expire is called when the deadline passes, or when another was set just before.
func (e *expiry) expire() {
	c := e.conn
	var waiting Parker
	c.mu.Lock()
	if r := c.rare; r != nil && *r.expiry(e.late) == e {
		*r.expiry(e.late) = nil
		waiting = c.pass(e.late)
		c.dropRare()
	}
	c.mu.Unlock()
	wake(waiting)
}

// pass notes that a deadline has passed, and returns those that wait. c.mu is held.
func (c *Conn) pass(late state) (waiting Parker) {
	c.state |= late
	if late == readLate {
		return c.takeReaders()
	}
	return c.takeWriters()
}

// expiry returns where the deadline of a direction is.
func (r *rare) expiry(late state) **expiry {
	if late == readLate {
		return &r.readTime
	}
	return &r.writeTime
}
