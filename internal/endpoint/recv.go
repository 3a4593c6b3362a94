package endpoint

import (
	"errors"
	"io"
	"math"
	"net"
	"os"

	"resty.websocket/frame"
)

// ErrAgain comes with a fragment of a message that goes on.
var ErrAgain = errors.New("endpoint: again: the message goes on in the next frame")

// RecvFrame receives the next frame. Its results are described at server.Conn.
func (c *Conn) RecvFrame() (data []byte, typ frame.Opcode, err error) {
	if err := c.lockRecv(); err != nil {
		return nil, 0, err
	}
	defer c.recv.mu.Unlock()
	return c.recv.recvFrame()
}

func (r *receiver) recvFrame() (data []byte, typ frame.Opcode, err error) {
	r.mu.assertHeld()
	r.begin()
	if r.reader != nil {
		if err := r.endReader(); err != nil {
			return nil, 0, err
		}
	}
	m := &r.message
	if m.open && !m.compressed && r.Fatal() == nil {
		// RecvMessage has timed out inside a message. The part that it has received
		// is returned as one fragment.
		return m.fragment(), m.opcode, ErrAgain
	}
	r.decoder.MaxPayloadLen = r.set.recvLimit
	r.decoder.AnyFragments = false
	for {
		f, err := r.next(-1)
		if err != nil {
			return nil, 0, err
		}
		if !f.RSV1 && (!m.open || f.Opcode.IsControl()) {
			return r.deliver(f)
		}
		// The fragments of a compressed message make sense only together.
		if data, whole, err := r.assemble(f); whole || err != nil {
			return data, m.typ(err), err
		}
	}
}

// deliver returns f as RecvFrame does.
func (r *receiver) deliver(f *frame.Frame) (data []byte, typ frame.Opcode, err error) {
	switch {
	case f.Opcode == frame.Close:
		closed := r.closeReceived(f.Payload)
		return []byte(closed.Reason), f.Opcode, closed
	case f.Opcode == frame.Pong:
		r.heart.pong(f.Payload)
	case !f.Fin:
		err = ErrAgain
	}
	return r.lend(f.Payload), f.Opcode, err
}

// lend returns payload, which is part of the window, to be handed to the
// caller.
func (r *receiver) lend(payload []byte) []byte {
	r.mu.assertHeld()
	r.window.lend()
	return payload
}

// next returns the next frame. One that would make a message too long of which have
// bytes came before (negative: there is no message) is refused when its header says so.
// The limit of control frames is another.
func (r *receiver) next(have int) (*frame.Frame, error) {
	r.mu.assertHeld()
	if err := r.Fatal(); err != nil {
		return nil, err
	}
	w := &r.window
	for {
		f, n, err := r.decoder.Decode(w.bytes())
		switch {
		case err == nil:
			r.handOut(n)
			r.countPart(&f.Header, n, false)
			return f, nil
		case err != io.ErrUnexpectedEOF:
			return nil, r.failProtocol(err)
		case have >= 0 && r.tooLongFor(have):
			return nil, r.failProtocol(r.tooLong(have + r.frameLen() - maxHeaderLen))
		}
		if err := r.fill(); err != nil {
			return nil, r.readError(err)
		}
	}
}

// handOut removes the first n bytes of the window, a frame that is handed out.
func (r *receiver) handOut(n int) {
	r.mu.assertHeld()
	r.window.consume(n)
	r.sender.hold.handOut(r.decoder.HasFrame(r.window.bytes()))
}

// tooLongFor reports whether the frame that the window begins with would make a message
// too long of which have bytes came before.
func (r *receiver) tooLongFor(have int) bool {
	r.mu.assertHeld()
	payload := r.frameLen() - maxHeaderLen
	if payload <= maxControlLen {
		return false
	}
	room := r.room(have, r.inflation != nil)
	return room >= 0 && payload > room
}

// nextPart is next for a caller that does not need a data frame as a whole. It returns as
// much of one as there is, as a fragment: see frame.Decoder.Split.
func (r *receiver) nextPart() (f frame.Frame, err error) {
	r.mu.assertHeld()
	if err := r.Fatal(); err != nil {
		return f, err
	}
	w := &r.window
	for {
		whole, n, err := r.decoder.Decode(w.bytes())
		part := err == io.ErrUnexpectedEOF
		switch {
		case err == nil:
			f = *whole
		case part:
			f, n, part = r.decoder.Split(w.bytes())
		default:
			return f, r.failProtocol(err)
		}
		if err == nil || part {
			r.handOut(n)
			r.countPart(&f.Header, n, part)
			return f, nil
		}
		if r.raw == nil && r.own() == nil {
			w.makeRoom(partLen, r.frameLen())
		}
		if err := r.fill(); err != nil {
			return f, r.readError(err)
		}
	}
}

// frameLen returns the length of the frame that the window begins with, or 0
// if that is not known yet. The decoder has refused what no int can hold.
func (r *receiver) frameLen() int {
	r.mu.assertHeld()
	return int(min(r.decoder.FrameLen(), math.MaxInt))
}

// readError makes an error of fill one of the connection's. A timeout ends
// nothing, unless it was set off because the connection is over.
func (r *receiver) readError(err error) error {
	r.mu.assertHeld()
	switch {
	case err == ErrNothing:
		return err
	case err == os.ErrDeadlineExceeded:
		if fatal := r.Fatal(); fatal != nil {
			return fatal
		}
		if !r.recvLimitPassed() {
			return err
		}
		err = net.ErrClosed // Close has waited long enough
	case err == io.EOF && (r.window.len() > 0 || r.reader != nil && !r.reader.last):
		err = io.ErrUnexpectedEOF
	}
	return r.end(err)
}

// closeReceived makes the peer's Close frame what ended the connection. The
// decoder has validated its payload.
func (r *receiver) closeReceived(payload []byte) *frame.CloseError {
	code, reason, _ := frame.ParseClose(payload)
	closed := &frame.CloseError{Code: code, Reason: reason}
	r.mark(closed)
	return closed
}
