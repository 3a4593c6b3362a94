package endpoint

import "time"

// A traffic is the part of a sender that it needs only while frames gather or calls
// wait: most of the connections that are idle have none. It is guarded by the sender's
// lock. Its methods may be called on nil.
type traffic struct {
	turns   waiting     // calls that wait for the turn
	room    waiting     // calls that wait for room among the pending frames
	offered []*Prepared // wait for the end of a fragmented message
	owed    []byte      // the payload of the last Ping whose Pong did not fit, if owes
	owes    bool        // a Pong is due
	timed   bool        // timer is running
	timer   *time.Timer // writes frames that are held back for too long
	drainer func()      // sender.drain, as a value that is allocated once
	next    *sender     // in the flusher, whose lock guards it
	goodbye *goodbye    // nil until there is one
}

// inTraffic returns the traffic of s, which it makes if need be.
func (s *sender) inTraffic() *traffic {
	s.mu.assertHeld()
	if s.traffic == nil {
		s.traffic = new(traffic)
	}
	return s.traffic
}

// grant grants the turn to the call that has waited longest for it. It reports whether
// there is one.
func (t *traffic) grant() bool { return t != nil && t.turns.signal() }

// wantsTurn and wantsRoom report whether a call waits for the turn, or for room.
func (t *traffic) wantsTurn() bool { return t != nil && t.turns.any() }
func (t *traffic) wantsRoom() bool { return t != nil && t.room.any() }

// madeRoom wakes the calls that wait for room.
func (t *traffic) madeRoom() {
	if t != nil {
		t.room.broadcast()
	}
}

// takeOffered removes the messages that were offered inside a fragmented one.
func (t *traffic) takeOffered() (offered []*Prepared) {
	if t == nil {
		return nil
	}
	offered, t.offered = t.offered, nil
	return offered
}

// takeOwed removes the payload of a Ping whose Pong is due.
func (t *traffic) takeOwed() (owed []byte, owes bool) {
	if t == nil {
		return nil, false
	}
	owed, owes = t.owed, t.owes
	t.owed, t.owes = nil, false
	return owed, owes
}
