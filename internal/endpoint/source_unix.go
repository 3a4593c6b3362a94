//go:build unix

package endpoint

import (
	"io"
	"net"
	"os"
	"syscall"
)

// A source is how the bytes of a connection are read. A socket of the kernel's
// is read through its RawConn, which can wait while the connection holds no
// buffer at all. Others are read as every net.Conn.
type source struct {
	raw interface { // a syscall.RawConn or a holder
		Read(func(fd uintptr) (done bool)) error
	}
	once func(fd uintptr) (done bool) // reads once; nil for a holder
	err  error                        // of once
}

// A holder is a connection whose bytes are read as those of every net.Conn.
type holder Conn

func (h *holder) Read(func(fd uintptr) (done bool)) error { return (*Conn)(h).readHolding() }

func (s *source) init(c *Conn) {
	s.raw = (*holder)(c)
	// A wrapper around a connection wants to see each Read, so that only the
	// types themselves will do.
	var sc syscall.Conn
	switch nc := c.nc.(type) {
	case *net.TCPConn:
		sc = nc
	case *net.UnixConn:
		sc = nc
	default:
		return
	}
	if raw, err := sc.SyscallConn(); err == nil {
		s.raw, s.once = raw, c.socketReader()
	}
}

func (s *source) read() error {
	s.err = nil
	if err := s.raw.Read(s.once); err != nil {
		return err
	}
	return s.err
}

// socketReader returns what reads once from a socket. It returns false if that
// would block, to be called again when there is something to read; the poller
// wants the attempt made first, since it only tells of what comes after it. That it
// is no method spares a frame of a stack that is to stay small.
func (c *Conn) socketReader() func(fd uintptr) (done bool) {
	return func(fd uintptr) (done bool) {
		w := &c.recv.window
		w.makeRoom(readLen, c.frameLen())
		n, err := readIgnoringEINTR(int(fd), w.tail())
		switch {
		case err == syscall.EAGAIN:
			w.shrink()
			if c.recvArmed() {
				return false
			}
			err = errUnarmed
		case err != nil:
			err = c.socketError("read", err)
		case n == 0:
			err = io.EOF
		default:
			w.extend(n)
		}
		c.recv.source.err = err
		return true
	}
}

func readIgnoringEINTR(fd int, p []byte) (int, error) {
	for {
		n, err := syscall.Read(fd, p)
		if err != syscall.EINTR {
			return n, err
		}
	}
}

// socketError dresses an error of a system call as package net does.
func (c *Conn) socketError(op string, err error) error {
	own := c.nc.LocalAddr()
	return &net.OpError{Op: op, Net: own.Network(), Source: own, Addr: c.nc.RemoteAddr(), Err: os.NewSyscallError(op, err)}
}
