package endpoint

import "resty.websocket/frame"

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
