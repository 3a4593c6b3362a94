package endpoint

import "resty.websocket/frame"

// sendClose sends a Close frame that the caller has not asked for, whatever has
// ended the connection.
func (s *sender) sendClose(code frame.StatusCode, reason string, deadline instant) error {
	s.mu.assertHeld()
	if err := s.turn(deadline); err != nil {
		return err
	}
	defer s.endTurn()
	if err := s.sendError(); err != nil {
		return err
	}
	if err := s.add(true, frame.Close, frame.AppendClose(nil, code, reason)); err != nil {
		return err
	}
	return s.write(deadline)
}

// pong answers a Ping, without waiting for the peer to take the answer. If it takes
// none, the Pings before the last one stay without (RFC 6455, Section 5.5.3). After a
// Close frame of the connection's own no Pong is due, nor after a failure.
func (s *sender) pong(p []byte) {
	s.mu.assertHeld()
	if s.sendError() != nil {
		return
	}
	if s.pending.len() >= maxPending {
		t := s.inTraffic()
		t.owed, t.owes = append(t.owed[:0], p...), true
		return
	}
	if s.add(true, frame.Pong, p) != nil {
		return
	}
	s.traffic.takeOwed() // for an earlier Ping
	s.accepted = true
	if s.hold.holds() {
		s.timeHold()
	} else {
		s.flushSoon()
	}
}

// ping sends a Ping of the heartbeat, without waiting for the peer to take it. If there
// is no room for it, none is sent, nor after a Close frame or a failure.
func (s *sender) ping(p []byte) {
	s.mu.assertHeld()
	if s.over() != nil || s.pending.len() >= maxPending {
		return
	}
	if s.add(true, frame.Ping, p) != nil {
		return
	}
	s.accepted = true
	switch {
	case s.busy: // the goroutine that has the turn writes it, or leaves it to another
	case s.hold.holds():
		s.timeHold()
	default:
		s.flushSoon()
	}
}

// payPong makes the Pong that did not fit a pending frame.
func (s *sender) payPong() {
	s.mu.assertHeld()
	owed, owes := s.traffic.takeOwed()
	if !owes {
		return
	}
	s.add(true, frame.Pong, owed) // an error says that a Close frame was sent
}
