package endpoint

import (
	"io"
	"net"
	"sync"

	"resty.websocket/frame"
)

// flush writes the pending frames.
func (c *Conn) flush() error {
	k := &c.send.cork
	if k.n == 0 {
		return nil
	}
	err := c.beginWrite()
	if err == nil {
		var n int
		n, err = c.nc.Write(k.slab.buf[:k.n])
		err = c.endWrite(n == k.n, err)
	}
	k.drop()
	return err
}

// beginWrite sets the deadline of the call that is under way.
func (c *Conn) beginWrite() error {
	s := &c.send
	if s.err != nil {
		return c.Fatal()
	}
	if s.deadline == unknown {
		s.deadline = c.callDeadline()
	}
	s.alarm.arm((*writing)(c), s.deadline)
	return nil
}

// endWrite takes in how a write went. One that fails may have cut a frame in
// two: nothing is ever written after it.
func (c *Conn) endWrite(whole bool, err error) error {
	if err == nil && !whole {
		err = io.ErrShortWrite
	}
	if err != nil {
		c.send.err = err
		return c.end(err)
	}
	return nil
}

// minVectored is the length of a payload, in bytes, from which on it is
// cheaper to let the kernel gather it than to copy it behind its header.
const minVectored = 32 << 10

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
func (c *Conn) transmitVector(h *frame.Header, p []byte) error {
	if err := c.beginWrite(); err != nil {
		return err
	}
	v := vectors.Get().(*vector)
	v.parts = [2][]byte{frame.AppendHeader(v.header[:0], *h), p}
	v.rest = v.parts[:]
	_, err := v.rest.WriteTo(c.nc)
	whole := len(v.rest) == 0
	v.parts, v.rest = [2][]byte{}, nil
	vectors.Put(v)
	return c.endWrite(whole, err)
}
