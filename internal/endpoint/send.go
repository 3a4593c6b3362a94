package endpoint

import "resty.websocket/frame"

// SendFrame sends a frame. It is described at server.Conn.
func (c *Conn) SendFrame(fin bool, op frame.Opcode, p []byte) error {
	return c.sendFrame(fin, op, p, c.deflation)
}

// SendPlain sends a message in one frame that is not compressed.
func (c *Conn) SendPlain(op frame.Opcode, p []byte) error {
	return c.sendFrame(true, op, p, nil)
}

func (c *Conn) sendFrame(fin bool, op frame.Opcode, p []byte, z *deflation) error {
	c.beginSend()
	defer c.send.mu.Unlock()
	return c.sendNow(fin, op, p, z)
}

// sendNow is sendFrame for a call that has begun.
func (c *Conn) sendNow(fin bool, op frame.Opcode, p []byte, z *deflation) error {
	if err := c.Fatal(); err != nil && !(op == frame.Close && isClose(err)) {
		return err
	}
	if err := c.queue(fin, op, p, z); err != nil {
		return err
	}
	if op != frame.Close && c.send.cork.holds() {
		return nil
	}
	return c.flush()
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
	c.beginSend()
	defer c.send.mu.Unlock()
	if err := c.Fatal(); err != nil {
		return err
	}
	return c.flush()
}

// beginSend takes the lock for a call that sends.
func (c *Conn) beginSend() {
	c.send.mu.Lock()
	c.send.deadline = unknown
}

// queue makes a frame one of the pending ones, whatever state the connection is
// in, as long as the encoder allows it and no write has failed. It is compressed
// by z, if there is one. What does not fit is written at once.
func (c *Conn) queue(fin bool, op frame.Opcode, p []byte, z *deflation) error {
	h, err := c.send.encoder.Next(fin, op, p)
	if err != nil {
		return err
	}
	p, compressed := z.compress(&h, p)
	err = c.put(&h, p)
	compressed.free()
	return err
}

// put is queue for a frame that is ready.
func (c *Conn) put(h *frame.Header, p []byte) error {
	vectored := len(p) >= minVectored && !h.Masked && c.writesVectors()
	if vectored || c.send.cork.n+h.Len()+len(p) > maxPending {
		if err := c.flush(); err != nil {
			return err
		}
	}
	if vectored {
		return c.transmitVector(h, p)
	}
	c.send.cork.append(h, p)
	return nil
}
