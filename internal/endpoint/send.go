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
