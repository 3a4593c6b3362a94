package endpoint

import "sync"

// An alarm keeps the deadline of one direction. Setting one on a net.Conn
// costs, so that it is set only by who is about to wait, and only if it is not
// the one that is set already.
//
// The limit is how everybody else takes part: no wait lasts beyond it. It is
// for Close, which bounds the whole connection, and for the direction that
// finds the connection dead.
type alarm struct {
	mu    sync.Mutex
	armed instant // the deadline that is set on the net.Conn
	limit instant
}

// arm sets the deadline for a wait that is to last until t, or until the limit
// if that is earlier. It reports whether that is another deadline than the one
// before.
func (a *alarm) arm(d direction, t instant) (moved bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.move(d, earlier(t, a.limit))
}

// covers reports whether the deadline that is set ends a wait by t.
func (a *alarm) covers(t instant) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return earlier(a.armed, t) == a.armed
}

// lower lowers the limit to t, if it is not as low already, for the wait that
// is under way as well as for those to come.
func (a *alarm) lower(d direction, t instant) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.limit = earlier(t, a.limit)
	a.move(d, earlier(a.armed, a.limit))
}

func (a *alarm) move(d direction, to instant) (moved bool) {
	if to == a.armed {
		return false
	}
	a.armed = to
	d.setDeadline(to)
	return true
}

// earlier returns the earlier of two instants.
func earlier(a, b instant) instant {
	if b == never || a != never && a < b {
		return a
	}
	return b
}

// A direction is one of a net.Conn's.
type direction interface{ setDeadline(t instant) }

type (
	reading Conn
	writing Conn
)

func (r *reading) setDeadline(t instant) { r.nc.SetReadDeadline((*Conn)(r).time(t)) }
func (w *writing) setDeadline(t instant) { w.nc.SetWriteDeadline((*Conn)(w).time(t)) }

func (c *Conn) limitRecv(t instant) { c.recv.alarm.lower((*reading)(c), t) }
func (c *Conn) limitSend(t instant) { c.send.alarm.lower((*writing)(c), t) }
