package client

import (
	"net"
	"time"
)

// A handlerConn is one end of a connection in memory.
type handlerConn struct {
	in, out       *stream
	local, remote net.Addr
}

// handlerPipe returns the two ends of a connection, which have the addresses a and b.
func handlerPipe(a, b net.Addr) (*handlerConn, *handlerConn) {
	ab, ba := newStream(), newStream()
	return &handlerConn{ba, ab, a, b}, &handlerConn{ab, ba, b, a}
}

func (c *handlerConn) Read(p []byte) (int, error)  { return c.in.read(p) }
func (c *handlerConn) Write(p []byte) (int, error) { return c.out.write(p) }

// Close ends both directions. The peer can still read what was written.
func (c *handlerConn) Close() error {
	c.out.end()
	if !c.in.abandon() {
		return net.ErrClosed
	}
	return nil
}

// CloseWrite ends one direction, as that of net.TCPConn does.
func (c *handlerConn) CloseWrite() error {
	c.out.end()
	return nil
}

// SetWriteBuffer sets how many bytes may be written and not yet read.
func (c *handlerConn) SetWriteBuffer(n int) error {
	c.out.setSize(n)
	return nil
}

func (c *handlerConn) LocalAddr() net.Addr  { return c.local }
func (c *handlerConn) RemoteAddr() net.Addr { return c.remote }

func (c *handlerConn) SetReadDeadline(t time.Time) error { return c.in.setDeadline(&c.in.reading, t) }
func (c *handlerConn) SetWriteDeadline(t time.Time) error {
	return c.out.setDeadline(&c.out.writing, t)
}

func (c *handlerConn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}
