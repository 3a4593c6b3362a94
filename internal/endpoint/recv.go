package endpoint

import (
	"errors"
	"io"
	"math"
	"os"

	"resty.websocket/frame"
)

// ErrAgain comes with a fragment of a message that goes on.
var ErrAgain = errors.New("websocket: again: the message goes on in the next frame")

// RecvFrame receives the next frame. What it returns is described at
// server.Conn.
func (c *Conn) RecvFrame() (data []byte, typ frame.Opcode, err error) {
	c.recv.mu.Lock()
	defer c.recv.mu.Unlock()
	c.beginRecv()
	m := &c.recv.message
	if m.open && !m.compressed && c.Fatal() == nil {
		// RecvMessage has timed out inside a message. What it had so far is
		// one fragment more.
		return m.fragment(), m.opcode, ErrAgain
	}
	for {
		f, err := c.next(-1)
		if err != nil {
			return nil, 0, err
		}
		if !f.RSV1 && (!m.open || f.Opcode.IsControl()) {
			return c.hand(f)
		}
		// The fragments of a compressed message make sense only together.
		if data, whole, err := c.assemble(f); whole || err != nil {
			return data, m.typ(err), err
		}
	}
}

// hand returns what RecvFrame does for f.
func (c *Conn) hand(f *frame.Frame) (data []byte, typ frame.Opcode, err error) {
	switch {
	case f.Opcode == frame.Close:
		closed := c.closeReceived(f.Payload)
		return []byte(closed.Reason), f.Opcode, closed
	case !f.Fin:
		err = ErrAgain
	}
	return c.lend(f.Payload), f.Opcode, err
}

// beginRecv begins a Recv call: what the last one returned is over.
func (c *Conn) beginRecv() {
	c.recv.deadline, c.recv.reads = unknown, 0
	c.recv.window.reclaim()
	c.recv.message.reclaim()
}

// lend returns payload, which is part of the window, to be handed to the
// caller.
func (c *Conn) lend(payload []byte) []byte {
	c.recv.window.lent = true
	return payload
}

// next returns the next frame. One that has to be put into a message with room
// for so many bytes (negative: any number) is refused when its header says that
// it is longer. The limit of control frames is another.
func (c *Conn) next(room int) (*frame.Frame, error) {
	if err := c.Fatal(); err != nil {
		return nil, err
	}
	w := &c.recv.window
	for {
		f, n, err := c.recv.decoder.Decode(w.bytes())
		switch {
		case err == nil:
			w.consume(n)
			c.corkWhile(w.bytes())
			return f, nil
		case err != io.ErrUnexpectedEOF:
			return nil, c.failProtocol(err)
		case room >= 0 && c.frameLen()-maxHeaderLen > max(room, maxControlLen):
			return nil, c.failProtocol(ErrMessageTooLong)
		}
		if err := c.fill(); err != nil {
			return nil, c.recvError(err)
		}
	}
}

// frameLen returns the length of the frame that the window begins with, or 0
// if that is not known yet. The decoder has refused what no int can hold.
func (c *Conn) frameLen() int { return int(min(c.recv.decoder.FrameLen(), math.MaxInt)) }

// recvError makes an error of fill one of the connection's. A timeout ends
// nothing, unless it was set off because the connection is over.
func (c *Conn) recvError(err error) error {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		if fatal := c.Fatal(); fatal != nil {
			return fatal
		}
		return err
	case err == io.EOF && c.recv.window.len() > 0:
		err = io.ErrUnexpectedEOF
	}
	return c.end(err)
}

// closeReceived makes the peer's Close frame what ended the connection. The
// decoder has validated its payload.
func (c *Conn) closeReceived(payload []byte) *frame.CloseError {
	code, reason, _ := frame.ParseClose(payload)
	closed := &frame.CloseError{Code: code, Reason: reason}
	var err error = closed
	c.fatal.CompareAndSwap(nil, &err)
	return closed
}
