package endpoint

import (
	"io"
	"net"
	"sync"
	"time"

	"resty.websocket/frame"
)

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
	if err := c.Fatal(); err != nil && !(op == frame.Close && closeReceived(err)) {
		return err
	}
	return c.sendLocked(fin, op, p, z)
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
	c.send.deadline = time.Time{}
}

// sendLocked sends a frame, whatever state the connection is in, as long as
// the encoder allows it and no write has failed. It is compressed by z, if
// there is one.
func (c *Conn) sendLocked(fin bool, op frame.Opcode, p []byte, z *deflation) error {
	h, err := c.send.encoder.Next(fin, op, p)
	if err != nil {
		return err
	}
	h, p, compressed := z.compress(h, p)
	defer compressed.free()
	if c.send.cork.n+h.Len()+len(p) > maxPending {
		if err := c.flush(); err != nil {
			return err
		}
	}
	if len(p) >= minVectored && !h.Masked && c.writesVectors() {
		if err := c.flush(); err != nil {
			return err
		}
		return c.transmitVector(h, p)
	}
	c.send.cork.append(h, p)
	if op != frame.Close && c.send.cork.holds() {
		return nil
	}
	return c.flush()
}

// flush writes the pending frames.
func (c *Conn) flush() error {
	k := &c.send.cork
	if k.n == 0 {
		return nil
	}
	err := c.transmit(k.slab.buf[:k.n])
	k.drop()
	return err
}

// transmit writes p, which is whole frames.
func (c *Conn) transmit(p []byte) error {
	return c.write(len(p), func() (int64, error) {
		n, err := c.nc.Write(p)
		return int64(n), err
	})
}

// minVectored is the length of a payload, in bytes, from which on it is
// cheaper to let the kernel gather it than to copy it behind its header.
const minVectored = 8 << 10

// writesVectors reports whether net.Buffers has a system call for the
// connection.
func (c *Conn) writesVectors() bool {
	switch c.nc.(type) {
	case *net.TCPConn, *net.UnixConn:
		return true
	}
	return false
}

// A vector is a frame in two parts.
type vector struct {
	header [maxHeaderLen]byte
	parts  [2][]byte
	rest   net.Buffers // what of the parts is not written yet
}

var vectors = sync.Pool{New: func() any { return new(vector) }}

// transmitVector writes a frame without copying its payload.
func (c *Conn) transmitVector(h frame.Header, p []byte) error {
	v := vectors.Get().(*vector)
	v.parts = [2][]byte{frame.AppendHeader(v.header[:0], h), p}
	v.rest = v.parts[:]
	err := c.write(h.Len()+len(p), func() (int64, error) { return v.rest.WriteTo(c.nc) })
	v.parts, v.rest = [2][]byte{}, nil
	vectors.Put(v)
	return err
}

// write has do write n bytes in time. A write that fails may have cut a frame
// in two: nothing is ever written after it.
func (c *Conn) write(n int, do func() (int64, error)) error {
	s := &c.send
	if s.err != nil {
		return c.Fatal()
	}
	if s.deadline.IsZero() {
		s.deadline = c.callDeadline()
	}
	s.alarm.arm(c.nc.SetWriteDeadline, s.deadline)
	written, err := do()
	if err == nil && written < int64(n) {
		err = io.ErrShortWrite
	}
	if err != nil {
		s.err = err
		return c.end(err)
	}
	return nil
}
