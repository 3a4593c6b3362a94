package endpoint

import "time"

// An instant is a deadline in the time of one connection: nanoseconds since that
// began, by the monotonic clock. A connection has six of them, which as
// time.Time would take three times the memory.
type instant int64

const (
	never   instant = 0
	past    instant = -1 // has passed
	unknown instant = -2 // the deadline of a call that has not had to wait
)

func (c *Conn) now() instant { return instant(time.Since(c.began)) }

// until returns how long it is until t, which is not never.
func (c *Conn) until(t instant) time.Duration { return time.Duration(t - c.now()) }

// passed reports whether t has passed.
func (c *Conn) passed(t instant) bool { return t != never && t <= c.now() }

// after returns the instant after d from now on, d being positive.
func (c *Conn) after(d time.Duration) instant {
	t := c.now() + instant(d)
	if t < 0 {
		return never // nor would that be in three hundred years
	}
	return t
}

// callDeadline returns the deadline of a call that begins now.
func (c *Conn) callDeadline() instant {
	timeout := time.Duration(c.timeout.Load())
	if timeout == 0 {
		return never
	}
	return c.after(timeout)
}

// time returns t as package net takes it.
func (c *Conn) time(t instant) time.Time {
	if t == never {
		return time.Time{}
	}
	return c.began.Add(time.Duration(t))
}
