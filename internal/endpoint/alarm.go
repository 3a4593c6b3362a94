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
func (a *alarm) arm(set func(instant), t instant) (moved bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.move(set, earlier(t, a.limit))
}

// covers reports whether the deadline that is set ends a wait by t.
func (a *alarm) covers(t instant) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return earlier(a.armed, t) == a.armed
}

// lower lowers the limit to t, if it is not as low already, for the wait that
// is under way as well as for those to come.
func (a *alarm) lower(set func(instant), t instant) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.limit = earlier(t, a.limit)
	a.move(set, earlier(a.armed, a.limit))
}

func (a *alarm) move(set func(instant), to instant) (moved bool) {
	if to == a.armed {
		return false
	}
	a.armed = to
	set(to)
	return true
}

// earlier returns the earlier of two instants.
func earlier(a, b instant) instant {
	if b == never || a != never && a < b {
		return a
	}
	return b
}

func (c *Conn) limitRecv(t instant) { c.recv.alarm.lower(c.setReadDeadline, t) }
func (c *Conn) limitSend(t instant) { c.send.alarm.lower(c.setWriteDeadline, t) }
