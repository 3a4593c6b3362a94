package load

import (
	"time"

	"golang.org/x/sys/unix"
)

// echo keeps one flight of each connection in the air.
func (l *Load) echo(d time.Duration, check bool) (Result, error) {
	s := newSpan(d)
	for i, c := range l.conns {
		f := &l.flights[i%len(l.flights)]
		c.checks(f, check)
		if err := c.send(f, s.start); err != nil {
			return Result{}, err
		}
	}
	now := s.start
	for flying := len(l.conns); flying > 0; {
		events, err := l.poll.wait()
		if err != nil {
			return Result{}, err
		}
		for i := range events {
			c, messages, err := l.serve(&events[i])
			if err != nil {
				return Result{}, err
			}
			if messages == 0 {
				continue
			}
			now = time.Now()
			s.add(now.Sub(c.sent), l.measured(c, messages))
			if c.due > 0 {
				continue
			}
			if now.After(s.end) {
				flying--
			} else if err := c.send(c.flight, now); err != nil {
				return Result{}, err
			}
		}
	}
	return s.result(now), nil
}

// measured returns how many of the messages that just arrived count.
func (l *Load) measured(c *conn, messages int) int {
	switch {
	case l.spec.Work != Slow:
		return messages
	case c.due+messages == c.flight.due:
		return min(messages, 1)
	default:
		return 0
	}
}

// serve writes and reads as an event asks, and returns how many messages arrived whole.
func (l *Load) serve(ev *unix.EpollEvent) (c *conn, messages int, err error) {
	c = l.conns[ev.Fd]
	if ev.Events&unix.EPOLLOUT != 0 {
		if err := c.flush(); err != nil {
			return c, 0, err
		}
	}
	if ev.Events&^unix.EPOLLOUT != 0 {
		messages, err = c.receive(l.buf)
	}
	return c, messages, err
}
