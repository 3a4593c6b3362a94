package endpoint

import "resty.websocket/frame"

// AppendMessage is RecvMessage into memory of the caller's. It is described at
// server.Conn.
func (c *Conn) AppendMessage(dst []byte) (data []byte, typ frame.Opcode, err error) {
	if err := c.lockRecv(); err != nil {
		return dst, 0, err
	}
	defer c.recv.mu.Unlock()
	return c.recv.appendMessage(dst)
}

// appendMessage appends each frame of the message to dst when it comes.
func (r *receiver) appendMessage(dst []byte) (data []byte, typ frame.Opcode, err error) {
	r.mu.assertHeld()
	r.begin()
	if err := r.beginMessage(); err != nil {
		return dst, 0, err
	}
	m := &r.message
	data = m.moveTo(dst)
	for whole := false; !whole; {
		have := len(data) - len(dst) + m.slab.len()
		f, err := r.next(have)
		switch {
		case err != nil:
		case f.Opcode.IsControl():
			err = r.answer(f)
		default:
			data, whole, err = r.appendFrame(data, f, have)
		}
		if err != nil {
			m.moveBack(data[len(dst):])
			return dst, 0, err
		}
	}
	// The caller has the message: unlike RecvMessage, the connection holds no buffer
	// until the next call.
	r.window.reclaim()
	m.reclaim()
	return data, m.opcode, nil
}

// appendFrame appends the payload of the data frame f to dst. The fragments of a
// compressed message are put together first. Of the message have bytes came before;
// appendFrame reports whether it is whole now.
func (r *receiver) appendFrame(dst []byte, f *frame.Frame, have int) (data []byte, whole bool, err error) {
	r.mu.assertHeld()
	m := &r.message
	if err := r.admit(f, have); err != nil {
		return dst, false, err
	}
	payload := f.Payload
	switch {
	case !m.compressed:
		dst = append(dst, payload...)
	case m.open || !f.Fin:
		m.append(payload)
		payload = m.bytes()
	}
	m.open = !f.Fin
	if f.Fin && m.compressed {
		dst, err = r.inflateTo(dst, payload)
	}
	return dst, f.Fin, err
}

// moveTo moves the beginning of a message, which an earlier call has received, to the
// end of dst. A compressed one stays.
func (m *message) moveTo(dst []byte) []byte {
	if !m.open || m.compressed {
		return dst
	}
	dst = append(dst, m.bytes()...)
	m.slab.free()
	m.slab = nil
	return dst
}

// moveBack keeps p, the beginning of a message that is not whole, for the next call.
func (m *message) moveBack(p []byte) {
	if m.open && !m.compressed {
		m.append(p)
	}
}
