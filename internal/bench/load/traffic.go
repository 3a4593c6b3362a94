package load

import (
	"time"

	"golang.org/x/sys/unix"
)

// Traffic goes on for d, at least for one flight, and ends when every reply is in. The first traffic of a Load is its
// warm-up, with check set.
func (l *Load) Traffic(d time.Duration, check bool) (Result, error) {
	switch {
	case l.spec.Broadcasts():
		return l.broadcast(d, check)
	case l.spec.Kind == Heartbeat:
		return l.pings(d)
	default:
		return l.echo(d, check)
	}
}

// pings answers Pings until d is over.
func (l *Load) pings(d time.Duration) (result Result, err error) {
	s := newSpan(d)
	for err == nil && s.now.Before(s.end) {
		err = l.serve(func(c *conn, messages int) error {
			s.add(c, messages)
			return c.pong()
		})
	}
	return s.result(), err
}

// echo keeps one flight of each connection in the air; for Handshake, one handshake.
func (l *Load) echo(d time.Duration, check bool) (result Result, err error) {
	s, flying := newSpan(d), 0
	for ; flying < len(l.conns) && err == nil; flying++ {
		err = l.begin(l.conns[flying], s.start, check)
	}
	for flying > 0 && err == nil {
		err = l.serve(func(c *conn, messages int) error {
			if s.add(c, messages); c.due > 0 {
				return nil
			}
			if l.spec.Kind == Handshake {
				c.close()
			}
			if s.now.Before(s.end) {
				return l.begin(c, s.now, check)
			}
			flying--
			return nil
		})
	}
	return s.result(), err
}

// begin sends the next flight of a connection.
func (l *Load) begin(c *conn, now time.Time, check bool) error {
	if l.spec.Kind == Handshake {
		c.sent = now
		return c.dial()
	}
	c.expect(c.flight, now, check)
	c.out = c.flight.wire
	return c.flush()
}

// broadcast sends one flight after another from the first connection; each has reached every connection that reads
// before the next one leaves. A message counts once for each connection that receives it.
func (l *Load) broadcast(d time.Duration, check bool) (result Result, err error) {
	readers := l.conns
	if !check { // the last connections do not read from now on
		readers = l.conns[:len(l.conns)-l.spec.Stalled]
		for _, c := range l.conns[len(readers):] {
			unix.EpollCtl(l.poll, unix.EPOLL_CTL_DEL, c.fd, nil)
		}
	}
	s, rounds := newSpan(d), 0
	for ; err == nil && (rounds == 0 || s.now.Before(s.end)); rounds++ {
		start, f := s.now, &l.flights[rounds%len(l.flights)]
		for _, c := range readers {
			c.expect(f, start, check)
		}
		l.conns[0].out = f.wire
		err = l.conns[0].flush()
		for due := len(readers) * f.due; due > 0 && err == nil; {
			err = l.serve(func(c *conn, messages int) error {
				s.add(c, messages)
				due -= messages
				return nil
			})
		}
	}
	result = s.result()
	result.Rounds, result.Round = rounds, result.Elapsed/time.Duration(max(rounds, 1))
	return result, err
}
