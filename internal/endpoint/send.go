package endpoint

import (
	"unicode/utf8"

	"resty.websocket/frame"
)

// SendFrame sends a frame. It is described at server.Conn.
func (c *Conn) SendFrame(fin bool, op frame.Opcode, p []byte) error {
	return c.sendFrame(fin, op, p, c.send.deflation)
}

// SendPlain sends a message in one frame that is not compressed.
func (c *Conn) SendPlain(op frame.Opcode, p []byte) error {
	return c.sendFrame(true, op, p, nil)
}

func (c *Conn) sendFrame(fin bool, op frame.Opcode, p []byte, z *deflation) error {
	s := &c.send
	deadline := s.sendCallDeadline()
	s.mu.Lock()
	turn := false
	defer s.endCall(&turn)
	alone := s.set.noDelay || len(p) >= minVectored || op == frame.Close
	if alone {
		if err := s.turnFor(op, deadline); err != nil {
			return err
		}
		turn = true
	} else if err := s.awaitRoom(maxHeaderLen+len(p), !op.IsControl(), deadline); err != nil {
		return err
	}
	s.reserve(len(p))
	if err := s.put(fin, op, p, z, deadline); err != nil {
		s.pending.trim()
		return err
	}
	turn = alone || s.leave()
	if !turn {
		return nil
	}
	return s.writeFirst(s.pending.len(), deadline)
}

// endCall ends a call that sends, and the turn if the call has it.
func (s *sender) endCall(turn *bool) {
	defer s.mu.Unlock()
	if *turn {
		s.endTurn()
	}
}

// SendMessage sends a message in as many frames as MaxSendLen asks for. It takes
// little stack itself: an echo with it does not grow that of its goroutine.
func (c *Conn) SendMessage(op frame.Opcode, p []byte) error {
	limit := int(c.send.encoder.MaxPayloadLen) // which never changes
	if limit < 0 || len(p) <= limit || op != frame.Text && op != frame.Binary {
		return c.sendFrame(true, op, p, c.send.deflation)
	}
	return c.sendFragments(op, p)
}

//go:noinline
func (c *Conn) sendFragments(op frame.Opcode, p []byte) error {
	s := &c.send
	if op == frame.Text && !utf8.Valid(p) {
		return frame.ErrSendText // before any part of it is sent
	}
	deadline := s.sendCallDeadline()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.turnFor(op, deadline); err != nil {
		return err
	}
	defer s.endTurn()
	s.exclusive = true
	defer s.endMessage()
	limit := s.limit()
	for len(p) > limit {
		if err := s.put(false, op, p[:limit], nil, deadline); err != nil {
			return err
		}
		if err := s.write(deadline); err != nil {
			return err
		}
		op, p = frame.Continuation, p[limit:]
	}
	if err := s.put(true, op, p, nil, deadline); err != nil {
		return err
	}
	return s.write(deadline)
}

// SendString sends s as a text frame.
func (c *Conn) SendString(s string) error {
	text := getSlab(len(s))
	defer text.free()
	return c.SendFrame(true, frame.Text, text.buf[:copy(text.buf, s)])
}

// SendClose sends a Close frame. It is described at server.Conn.
func (c *Conn) SendClose(code frame.StatusCode, reason string) error {
	var payload [128]byte
	return c.SendFrame(true, frame.Close, frame.AppendClose(payload[:0], code, reason))
}

// Flush writes the pending frames, and waits until that is done.
func (c *Conn) Flush() error {
	s := &c.send
	deadline := s.sendCallDeadline()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.turn(deadline); err != nil {
		return err
	}
	defer s.endTurn()
	if err := s.over(); err != nil {
		return err
	}
	return s.write(deadline)
}

// over returns the error of a call that sends on a connection on which nothing can
// be sent any more.
func (s *sender) over() error {
	if err := s.sendError(); err != nil {
		return err
	}
	return s.Fatal()
}

// put makes a frame one of the pending ones, compressed by z unless that is nil. A large
// one that need not be copied is written; then it must be the caller's turn.
func (s *sender) put(fin bool, op frame.Opcode, p []byte, z *deflation, deadline instant) error {
	s.mu.assertHeld()
	if err := s.over(); err != nil && !(op == frame.Close && isClose(err)) {
		return err
	}
	if !z.compresses(fin, op, len(p)) && !s.vectored(len(p)) {
		return s.add(fin, op, p)
	}
	h, err := s.encoder.Next(fin, op, p)
	if err != nil {
		return err
	}
	return s.putHeader(&h, p, z, deadline)
}

// putHeader is put for the frame of a header, which the encoder knows.
func (s *sender) putHeader(h *frame.Header, p []byte, z *deflation, deadline instant) (err error) {
	s.mu.assertHeld()
	p, compressed := z.compress(h, p)
	if s.vectored(len(p)) {
		err = s.writeVector(h, p, deadline)
	} else {
		s.added(h.Fin, h.Opcode, frame.AppendFrame(s.space(len(p)), *h, p))
	}
	compressed.free()
	return err
}

// reserve takes memory for a frame with a payload of n bytes, unless that need not be
// copied. put would do it too, deeper in the stack.
func (s *sender) reserve(n int) {
	s.mu.assertHeld()
	if !s.vectored(n) {
		s.pending.reserve(s.pending.shared.len()+maxHeaderLen+n, s.slabRoom())
	}
}

// slabRoom returns how many bytes a new slab of pending frames has at least: many if
// further frames are likely to join the first.
func (s *sender) slabRoom() int {
	s.mu.assertHeld()
	if !s.set.noDelay && (s.busy || s.queued || s.hold.holds()) {
		return maxPending
	}
	return 0
}

// add makes a frame that is not compressed one of the pending ones, unless the encoder
// refuses it. Sending has not failed.
func (s *sender) add(fin bool, op frame.Opcode, p []byte) error {
	s.mu.assertHeld()
	b, err := s.encoder.AppendFrame(s.space(len(p)), fin, op, p)
	if err != nil {
		s.pending.trim()
		return err
	}
	s.added(fin, op, b)
	return nil
}

// space returns a buffer for a frame with a payload of n bytes; see pending.space.
func (s *sender) space(n int) []byte {
	s.mu.assertHeld()
	return s.pending.space(maxHeaderLen+n, s.slabRoom())
}

// added makes the frame that was appended to such a buffer one of the pending ones.
func (s *sender) added(fin bool, op frame.Opcode, b []byte) {
	s.mu.assertHeld()
	n := s.pending.extend(b)
	s.unsent += n
	s.count(fin, op, n)
	s.addOffered()
}

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
