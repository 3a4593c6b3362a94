//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"io"
	"net"
	"os"
	"syscall"
)

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (n int, err error) {
	for {
		n, err = c.TryRead(p)
		if err != ErrWouldBlock {
			return n, err
		}
		if err = c.AwaitRead(); err != nil {
			return 0, c.opError("read", err)
		}
	}
}

// TryRead reads what there is, up to len(p) bytes, and never waits. If there is nothing,
// the error is ErrWouldBlock. At the end of what the peer sends it is io.EOF. If the read
// deadline has passed, it is os.ErrDeadlineExceeded as that of Read, so that a peer that
// always has more to say does not keep a loop of TryReads busy beyond it.
func (c *Conn) TryRead(p []byte) (n int, err error) {
	c.mu.Lock()
	before := c.state
	if err = c.readErr(); err == nil && len(p) > 0 && !before.has(readable) {
		err = ErrWouldBlock
	}
	if err != nil || len(p) == 0 {
		c.mu.Unlock()
		return 0, c.readError(err)
	}
	// An event that comes during the system call sets the flags again.
	c.state = c.state&^(readable|doubtful) + oneUse
	c.mu.Unlock()

	p = p[:min(len(p), maxLen)]
	n, err = read(int(c.fd), p)
	c.endRead(mayFindMore(n, len(p), err, before.has(doubtful) || !c.shortMeansEmpty()), before&doubtful)
	switch {
	case err != nil:
		return 0, c.readError(err)
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// mayFindMore reports whether another read after one of n bytes, with room for size, may
// find something. A short one has emptied the socket unless there is doubt.
func mayFindMore(n, size int, err error, doubt bool) bool {
	if err == syscall.EAGAIN {
		return false
	}
	return err != nil || n == 0 || n == size || doubt
}

// endRead ends a read. If more is true, c stays readable, with the doubt there was.
func (c *Conn) endRead(more bool, doubt state) {
	var readers Parker
	c.mu.Lock()
	if more {
		c.state |= readable | doubt
		readers = c.takeReaders()
	}
	last := c.endUse()
	c.mu.Unlock()
	if readers != nil {
		wake(readers)
	}
	if last {
		syscall.Close(int(c.fd))
	}
}

// readErr returns the error of a read that begins now, or nil. c.mu is held.
func (c *Conn) readErr() error {
	switch {
	case c.state.has(closed):
		return net.ErrClosed
	case c.state.has(readLate):
		return os.ErrDeadlineExceeded
	}
	return nil
}

// readError returns err as TryRead does.
func (c *Conn) readError(err error) error {
	switch err {
	case nil, ErrWouldBlock:
		return err
	case syscall.EAGAIN:
		return ErrWouldBlock
	}
	return c.opError("read", err)
}

// Ready reports whether TryRead may find something, or has an error.
func (c *Conn) Ready() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ready()
}

// ready is Ready with c.mu held.
func (c *Conn) ready() bool { return c.state&(readable|closed|readLate) != 0 }

// AwaitRead waits until TryRead may find something. Its error is net.ErrClosed or
// os.ErrDeadlineExceeded.
func (c *Conn) AwaitRead() error {
	for {
		c.mu.Lock()
		if err := c.readErr(); err != nil || c.state.has(readable) {
			c.mu.Unlock()
			return err
		}
		w := newWaiter(c.reader)
		c.reader = w
		c.mu.Unlock()
		w.wait()
	}
}

// Park has p woken when TryRead may find something, when the read deadline passes, or
// when Close is called. It returns false, and p is not woken, if one of these is the case
// already. Until p is woken, Park must not be called again.
func (c *Conn) Park(p Parker) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ready() {
		return false
	}
	all, ok := behind(c.reader, p)
	if !ok {
		panic("socket: Park of a Conn that is parked")
	}
	c.reader = all
	return true
}
