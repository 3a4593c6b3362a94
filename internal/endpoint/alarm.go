package endpoint

import (
	"sync/atomic"
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
	armed time.Time    // the deadline that is set on the net.Conn; zero: none
	limit atomic.Int64 // in nanoseconds since 1970; 0: none
}

// past is a limit that has passed.
var past = time.Unix(1, 0)

// arm sets the deadline for a wait that is to last until t (zero: for ever),
// or until the limit if that is earlier.
func (a *alarm) arm(set func(time.Time) error, t time.Time) {
	for {
		limit := a.limit.Load()
		d := earlier(t, limit)
		if d.Equal(a.armed) {
			return
		}
		set(d)
		a.armed = d
		// Whoever lowers the limit stores it first and sets the deadline then.
		// If that was before set above, the new limit is there to be seen now.
		if a.limit.Load() == limit {
			return
		}
	}
}

// lower lowers the limit to t, if it is not as low already, for the wait that
// is under way as well as for those to come.
func (a *alarm) lower(set func(time.Time) error, t time.Time) {
	limit := a.limit.Load()
	for limit == 0 || t.UnixNano() < limit {
		if a.limit.CompareAndSwap(limit, t.UnixNano()) {
			set(t)
		}
		// Somebody else may have set a later deadline after a lower limit.
		if limit = a.limit.Load(); limit != 0 && limit < t.UnixNano() {
			t = time.Unix(0, limit)
			set(t)
		}
	}
}

// rung reports whether a wait that was to last until t is over at now.
func (a *alarm) rung(t, now time.Time) bool {
	d := earlier(t, a.limit.Load())
	return !d.IsZero() && !now.Before(d)
}

// earlier returns the earlier of t and limit, of which zero means never.
func earlier(t time.Time, limit int64) time.Time {
	if limit == 0 || !t.IsZero() && t.UnixNano() <= limit {
		return t
	}
	return time.Unix(0, limit)
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
