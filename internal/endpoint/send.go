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
	deadline := c.sendCallDeadline()
	if err := c.beginSend(deadline); err != nil {
		return err
	}
	defer c.endSend()
	err := c.send.queue(fin, op, p, z, deadline)
	if err == nil && !c.send.holdsBack(op) {
		err = c.send.write(deadline)
	}
	return err
}

// SendMessage sends a message in as many frames as MaxSendLen asks for.
func (c *Conn) SendMessage(op frame.Opcode, p []byte) error {
	limit := c.send.limit
	if limit < 0 || len(p) <= limit || op != frame.Text && op != frame.Binary {
		return c.SendFrame(true, op, p)
	}
	if op == frame.Text && !utf8.Valid(p) {
		return frame.ErrSendText // before any part of it is sent
	}
	deadline := c.sendCallDeadline()
	if err := c.beginSend(deadline); err != nil {
		return err
	}
	defer c.endSend()
	for {
		n := min(len(p), limit)
		last := n == len(p)
		if err := c.send.queue(last, op, p[:n], nil, deadline); err != nil {
			return err
		}
		if last {
			return c.send.write(deadline)
		}
		op, p = frame.Continuation, p[n:]
	}
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

// Flush sends what Cork has held back.
func (c *Conn) Flush() error {
	deadline := c.sendCallDeadline()
	if err := c.beginSend(deadline); err != nil {
		return err
	}
	defer c.endSend()
	if err := c.send.over(); err != nil {
		return err
	}
	return c.send.write(deadline)
}

// over returns the error of a call that sends on a connection on which nothing can
// be sent any more.
func (s *sender) over() error {
	if err := s.sendError(); err != nil {
		return err
	}
	return s.Fatal()
}

// queue makes a frame one of the pending ones, in the caller's turn. It is compressed
// by z, unless that is nil. A frame that does not fit is written at once.
func (s *sender) queue(fin bool, op frame.Opcode, p []byte, z *deflation, deadline instant) error {
	s.mu.assertHeld()
	if err := s.over(); err != nil && !(op == frame.Close && isClose(err)) {
		return err
	}
	h, err := s.encoder.Next(fin, op, p)
	if err != nil {
		return err
	}
	p, compressed := z.compress(&h, p)
	err = s.put(&h, p, deadline)
	compressed.free()
	return err
}

// put is queue for a frame that is encoded.
func (s *sender) put(h *frame.Header, p []byte, deadline instant) error {
	vectored := s.vectored(h)
	if vectored || s.pending.len()+h.Len()+len(p) > maxPending {
		if err := s.write(deadline); err != nil {
			return err
		}
	}
	if vectored {
		return s.writeVector(h, p, deadline)
	}
	room := 0
	if s.cork.holds() {
		room = maxPending
	}
	s.pending.append(h, p, room)
	return nil
}

// holdsBack reports whether the pending frames stay so after one of type op was added.
func (s *sender) holdsBack(op frame.Opcode) bool {
	return s.cork.holds() && op != frame.Close && s.pending.len() <= maxPending
}

// sendClose sends a Close frame that the caller has not asked for, whatever has
// ended the connection.
func (s *sender) sendClose(code frame.StatusCode, reason string, deadline instant) error {
	s.mu.assertHeld()
	if err := s.turn(deadline); err != nil {
		return err
	}
	defer s.endTurn()
	p := frame.AppendClose(nil, code, reason)
	h, err := s.encoder.Next(true, frame.Close, p)
	if err != nil {
		return err
	}
	if err := s.put(&h, p, deadline); err != nil {
		return err
	}
	return s.write(deadline)
}

// pong answers a Ping, without waiting for the peer to take the answer. If it takes
// none, the Pings before the last one stay without (RFC 6455, Section 5.5.3). After a
// Close frame of the connection's own no Pong is due.
func (s *sender) pong(p []byte) {
	s.mu.assertHeld()
	if s.pending.len() >= maxPending {
		s.owed = append(s.owed[:0], p...)
		return
	}
	h, err := s.encoder.Next(true, frame.Pong, p)
	if err != nil {
		return
	}
	s.pending.append(&h, p, 0)
	if !s.cork.holds() {
		s.flushSoon()
	}
}

// payPong makes the Pong that did not fit a pending frame.
func (s *sender) payPong() {
	if s.owed == nil {
		return
	}
	owed := s.owed
	s.owed = nil
	if h, err := s.encoder.Next(true, frame.Pong, owed); err == nil {
		s.pending.append(&h, owed, 0)
	}
}
