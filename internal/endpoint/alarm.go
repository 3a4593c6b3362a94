package endpoint

import (
	"sync"
	"time"
)

// An alarm keeps the deadline of one direction. Setting one on a net.Conn
// costs, so that it is set only by who is about to wait, and only if it is not
// the one that is set already.
//
// The limit is how everybody else takes part: no wait lasts beyond it. It is
// for Close, which bounds the whole connection, and for the direction that
// finds the connection dead.
type alarm struct {
	mu    sync.Mutex
	armed time.Time // the deadline that is set on the net.Conn; zero: none
	limit time.Time // zero: none
}

// past is a limit that has passed.
var past = time.Unix(1, 0)

// arm sets the deadline for a wait that is to last until t (zero: for ever),
// or until the limit if that is earlier. It reports whether that is another
// deadline than the one before.
func (a *alarm) arm(set func(time.Time) error, t time.Time) (moved bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.move(set, earlier(t, a.limit))
}

// lower lowers the limit to t, if it is not as low already, for the wait that
// is under way as well as for those to come.
func (a *alarm) lower(set func(time.Time) error, t time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.limit = earlier(t, a.limit)
	a.move(set, earlier(a.armed, a.limit))
}

func (a *alarm) move(set func(time.Time) error, to time.Time) (moved bool) {
	if to.Equal(a.armed) {
		return false
	}
	a.armed = to
	set(to)
	return true
}

// earlier returns the earlier of two deadlines, of which zero means never.
func earlier(a, b time.Time) time.Time {
	if b.IsZero() || !a.IsZero() && a.Before(b) {
		return a
	}
	return b
}

func (c *Conn) limitRecv(t time.Time) { c.recv.alarm.lower(c.nc.SetReadDeadline, t) }
func (c *Conn) limitSend(t time.Time) { c.send.alarm.lower(c.nc.SetWriteDeadline, t) }

// callDeadline returns the deadline of a call that begins now: zero if it has
// none.
func (c *Conn) callDeadline() time.Time {
	timeout := time.Duration(c.timeout.Load())
	if timeout == 0 {
		return time.Time{}
	}
	return time.Now().Add(timeout)
}
