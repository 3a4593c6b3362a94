//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"io"
	"net"
	"os"
	"syscall"
)

// Write implements net.Conn. The bytes of one Write are not mixed with those of another.
func (c *Conn) Write(p []byte) (n int, err error) {
	if err = c.beginWrite(); err == nil {
		n, err = c.writeAll(p, 0)
		c.endWrite()
	}
	if err != nil {
		return n, c.opError("write", err)
	}
	return n, nil
}

// WriteBuffers writes the buffers of v one after another, without copying them, as one
// Write. It does not modify or retain v.
func (c *Conn) WriteBuffers(v [][]byte) (n int64, err error) {
	if err = c.beginWrite(); err == nil {
		n, err = c.writeEach(v)
		c.endWrite()
	}
	if err != nil {
		return n, c.opError("write", err)
	}
	return n, nil
}

// writeEach has the kernel wait for the next buffer before it sends less than a packet.
// Package syscall has no writev, which could be called through package unsafe alone.
func (c *Conn) writeEach(v [][]byte) (n int64, err error) {
	v = trimEmpty(v) // the kernel would wait for the last ones
	for i, p := range v {
		flags := 0
		if i < len(v)-1 {
			flags = msgMore
		}
		m, err := c.writeAll(p, flags)
		n += int64(m)
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// trimEmpty returns v without the empty buffers at its end.
func trimEmpty(v [][]byte) [][]byte {
	for len(v) > 0 && len(v[len(v)-1]) == 0 {
		v = v[:len(v)-1]
	}
	return v
}

// TryWrite writes as much of p as the kernel takes at once, and never waits. If n is less
// than len(p) and err is nil, the kernel takes no more now, or another call is writing.
// The write deadline, which is that of a wait, has no effect.
func (c *Conn) TryWrite(p []byte) (n int, err error) {
	c.mu.Lock()
	if c.state.has(closed) {
		c.mu.Unlock()
		return 0, c.opError("write", net.ErrClosed)
	}
	if c.state.has(writing) {
		c.mu.Unlock()
		return 0, nil
	}
	c.lockWriting()
	c.mu.Unlock()
	for n < len(p) && err == nil {
		var m int
		m, err = writeSome(int(c.fd), p[n:], 0)
		n += m
	}
	c.endWrite()
	if err != nil && err != syscall.EAGAIN {
		return n, c.opError("write", err)
	}
	return n, nil
}

// beginWrite waits until no other call writes. If it returns nil, endWrite must be called.
func (c *Conn) beginWrite() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if err := c.writeErr(); err != nil {
			return err
		}
		if !c.state.has(writing) {
			c.lockWriting()
			return nil
		}
		c.waitToWrite()
	}
}

// lockWriting makes c busy writing. c.mu is held.
func (c *Conn) lockWriting() {
	c.state = (c.state|writing)&^writable + oneUse
}

func (c *Conn) endWrite() {
	c.mu.Lock()
	c.state &^= writing
	writers := c.takeWriters()
	last := c.endUse()
	c.mu.Unlock()
	if writers != nil {
		wake(writers)
	}
	if last {
		syscall.Close(int(c.fd))
	}
}

// writeAll writes p between beginWrite and endWrite.
func (c *Conn) writeAll(p []byte, flags int) (n int, err error) {
	for n < len(p) {
		m, err := writeSome(int(c.fd), p[n:], flags)
		n += m
		if err == syscall.EAGAIN {
			err = c.awaitWrite()
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// writeSome writes once. Its error is nil only if it has written a byte.
func writeSome(fd int, p []byte, flags int) (n int, err error) {
	n, err = write(fd, p[:min(len(p), maxLen)], flags)
	if n == 0 && err == nil {
		err = io.ErrUnexpectedEOF
	}
	return max(n, 0), err
}

// awaitWrite waits until there is room again after a write that found none.
func (c *Conn) awaitWrite() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if err := c.writeErr(); err != nil {
			return err
		}
		if c.state.has(writable) {
			c.state &^= writable // an event that comes during the next write sets it again
			return nil
		}
		c.waitToWrite()
	}
}

// waitToWrite releases c.mu until one of those that wait to write may go on.
func (c *Conn) waitToWrite() {
	r := c.rarely()
	w := newWaiter(r.writer)
	r.writer = w
	c.mu.Unlock()
	w.wait()
	c.mu.Lock()
}

// writeErr returns the error of a write that begins now, or nil. c.mu is held.
func (c *Conn) writeErr() error {
	switch {
	case c.state.has(closed):
		return net.ErrClosed
	case c.state.has(writeLate):
		return os.ErrDeadlineExceeded
	}
	return nil
}
