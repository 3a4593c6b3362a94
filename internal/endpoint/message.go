package endpoint

import (
	"fmt"
	"slices"

	"resty.websocket/frame"
)

// ErrMessageTooLong ends a connection whose peer sent a message of more than
// MaxMessageLen bytes.
var ErrMessageTooLong = &frame.ProtocolError{Code: frame.StatusMessageTooBig, Section: "10.4", Reason: "exceeding max message len"}

// tooLong returns ErrMessageTooLong for a message that has n bytes or more.
func (l *link) tooLong(n int) error {
	err := *ErrMessageTooLong
	err.Reason = fmt.Sprintf("%s: %d bytes or more, limit %d", err.Reason, n, l.set.messageLimit)
	return &err
}

// A message is one that is put together of its fragments, or inflated. Another
// one in a single frame never gets here: it stays in the window.
type message struct {
	opcode     frame.Opcode // of the first fragment
	open       bool         // more fragments are to come
	compressed bool         // the fragments are (RFC 7692, Section 6)
	polled     bool         // by PollMessage
	slab       *slab        // with the bytes so far; nil: none
}

// RecvMessage receives the next whole message, and answers or drops the
// control frames before it. It is described at server.Conn.
func (c *Conn) RecvMessage() (data []byte, typ frame.Opcode, err error) {
	if err := c.lockRecv(); err != nil {
		return nil, 0, err
	}
	defer c.recv.mu.Unlock()
	return c.recv.recvMessage()
}

func (r *receiver) recvMessage() (data []byte, typ frame.Opcode, err error) {
	r.mu.assertHeld()
	r.begin()
	if err := r.beginMessage(); err != nil {
		return nil, 0, err
	}
	return r.wholeMessage()
}

// wholeMessage goes on with the message until it is whole.
func (r *receiver) wholeMessage() (data []byte, typ frame.Opcode, err error) {
	r.mu.assertHeld()
	for {
		f, err := r.next(r.message.slab.len())
		if err != nil {
			return nil, 0, err
		}
		if f.Opcode.IsControl() {
			if err := r.answer(f); err != nil {
				return nil, 0, err
			}
			continue
		}
		if data, whole, err := r.assemble(f); whole || err != nil {
			return data, r.message.typ(err), err
		}
	}
}

// beginMessage goes on after begin in a call that receives a message. It ends the one that
// is being read.
func (r *receiver) beginMessage() error {
	r.mu.assertHeld()
	if r.reader != nil {
		if err := r.endReader(); err != nil {
			return err
		}
	}
	r.decoder.MaxPayloadLen = r.set.messageFrameLimit
	r.decoder.AnyFragments = false
	return nil
}

// answer does with a control frame what RFC 6455, Section 5.5, asks for. A Pong that
// cannot be sent is no error of the Recv call.
func (r *receiver) answer(f *frame.Frame) error {
	switch f.Opcode {
	case frame.Ping:
		r.sender.mu.Lock()
		defer r.sender.mu.Unlock()
		r.sender.pong(f.Payload)
	case frame.Pong:
		r.heart.pong(f.Payload)
	case frame.Close:
		closed := r.closeReceived(f.Payload)
		r.limitSend(after(closeTimeout))
		r.sendClose(answerCode(closed.Code), "", r.ownCloseDeadline())
		return closed
	}
	return nil
}

// assemble adds the data frame f to the message, and returns the message if
// it is whole.
func (r *receiver) assemble(f *frame.Frame) (data []byte, whole bool, err error) {
	r.mu.assertHeld()
	m := &r.message
	if err := r.admit(f, m.slab.len()); err != nil {
		return nil, false, err
	}
	data = f.Payload
	if !f.Fin || m.open {
		m.append(f.Payload)
		data = m.bytes()
	} else if !m.compressed {
		r.lend(data)
	}
	m.open = !f.Fin
	if f.Fin && m.compressed {
		data, err = r.inflate(data)
	}
	return data, f.Fin, err
}

// admit notes what kind of message the data frame f belongs to, and fails the
// connection if the message, of which have bytes came before, is too long with it.
func (r *receiver) admit(f *frame.Frame, have int) error {
	r.mu.assertHeld()
	m := &r.message
	if !m.open {
		m.opcode, m.compressed = f.Opcode, f.RSV1
	}
	if room := r.room(have, m.compressed); room >= 0 && len(f.Payload) > room {
		return r.failProtocol(r.tooLong(have + len(f.Payload)))
	}
	return nil
}

// typ returns the type of a message that was received with err.
func (m *message) typ(err error) frame.Opcode {
	if err != nil {
		return 0
	}
	return m.opcode
}

// room returns how many bytes may follow the first ones of a message, which are have;
// negative means any number.
func (l *link) room(have int, compressed bool) int {
	limit := payloadLimit(l.set.messageLimit, compressed)
	if limit < 0 {
		return limit
	}
	return limit - have
}

// payloadLimit returns the limit of the payload of a message that has a limit itself. A
// compressed one may have more than what it inflates to: what does not shrink is stored
// in blocks with 5 bytes of header each, which a peer of little memory cuts as short as
// 127 bytes.
func payloadLimit(limit int, compressed bool) int {
	if compressed && limit >= 0 {
		return limit + limit>>4 + 64
	}
	return limit
}

func (m *message) bytes() []byte {
	if m.slab == nil {
		return []byte{}
	}
	return slices.Clip(m.slab.bytes())
}

func (m *message) append(p []byte) {
	have := m.slab.len()
	if m.slab == nil || len(m.slab.buf)-have < len(p) {
		larger := getSlab(max(have+len(p), 2*have))
		larger.end = copy(larger.buf, m.slab.bytes())
		m.slab.free()
		m.slab = larger
	}
	m.slab.end += copy(m.slab.buf[have:], p)
}

// fragment returns what there is of a message that is not whole, as a
// fragment that the caller gets.
func (m *message) fragment() []byte {
	m.open = false
	return m.bytes()
}

// reclaim ends the loan of a message that was returned.
func (m *message) reclaim() {
	if !m.open {
		m.slab.free()
		m.slab = nil
	}
}

// drop forgets the message. If it was returned, the garbage collector waits
// until the caller is done with it.
func (m *message) drop() {
	if m.open {
		m.slab.free()
	}
	m.slab, m.open = nil, false
}
