//go:build unix

package endpoint

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// A rawSocket is a socket of package net's that is read and written directly.
type rawSocket struct {
	conn  syscall.RawConn
	once  func(fd uintptr) (done bool) // reads once, if it does not have to wait
	err   error                        // of once
	write rawWrite
}

// openRaw has a socket read directly, if that is possible.
func (r *receiver) openRaw() {
	switch nc := r.nc.(type) {
	case *net.TCPConn, *net.UnixConn:
		if conn, err := nc.(syscall.Conn).SyscallConn(); err == nil {
			r.raw = &rawSocket{conn: conn}
			r.raw.once = r.rawRead(r.raw)
		}
	}
}

// readRaw is read for a socket of package net's. It waits while the connection holds no
// buffer at all.
func (r *receiver) readRaw() error {
	r.mu.assertHeld()
	r.raw.err = nil
	if err := r.raw.conn.Read(r.raw.once); err != nil {
		r.heart.foundNothing()
		return err
	}
	return r.raw.err
}

// rawRead returns a function that reads once from a socket. It returns false if
// that would block, to be called again when there is something to read. The attempt
// has to come first, since the poller only tells of what comes after it. It is not a
// method because that would take another frame of a stack that is to stay small.
func (r *receiver) rawRead(raw *rawSocket) func(fd uintptr) (done bool) {
	return func(fd uintptr) (done bool) {
		r.mu.assertHeld()
		w := &r.window
		w.makeRoom(readLen, r.frameLen())
		n, err := readIgnoringEINTR(int(fd), w.tail())
		switch {
		case err == syscall.EAGAIN:
			w.shrink()
			if r.armed() {
				r.heart.waiting()
				return false
			}
			err = errUnarmed
		case err != nil:
			err = r.socketError("read", err)
		case n == 0:
			err = io.EOF
		default:
			w.extend(n)
			r.heart.received()
		}
		raw.err = err
		return true
	}
}

// tryWrite writes as much of p as can be written without waiting, which may be
// nothing: of a net.Conn that is not a socket that is not known. Only one goroutine may
// call it at a time.
func (l *link) tryWrite(p []byte) (n int, err error) {
	switch {
	case l.own() == nil && l.raw == nil, l.sendLimitPassed():
		return 0, nil
	case l.own() != nil:
		return l.own().TryWrite(p)
	}
	return l.tryRaw(p)
}

// A rawWrite is the arguments and results of a write through a RawConn.
type rawWrite struct {
	once func(fd uintptr) (done bool)
	p    []byte
	n    int
	err  error
}

func (l *link) tryRaw(p []byte) (n int, err error) {
	w := &l.raw.write
	if w.once == nil {
		w.once = func(fd uintptr) (done bool) {
			w.n, w.err = writeIgnoringEINTR(int(fd), w.p)
			return true
		}
	}
	w.p, w.n, w.err = p, 0, nil
	err = l.raw.conn.Write(w.once)
	if errors.Is(err, os.ErrDeadlineExceeded) && l.armSend(never) {
		err = l.raw.conn.Write(w.once) // the deadline was that of an earlier call
	}
	w.p = nil
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return 0, nil
	case err != nil:
		return 0, err
	case w.err == syscall.EAGAIN:
		return 0, nil
	case w.err != nil:
		return 0, l.socketError("write", w.err)
	}
	return w.n, nil
}

func readIgnoringEINTR(fd int, p []byte) (int, error) {
	for {
		n, err := syscall.Read(fd, p)
		if err != syscall.EINTR {
			return n, err
		}
	}
}

func writeIgnoringEINTR(fd int, p []byte) (int, error) {
	for {
		n, err := syscall.Write(fd, p)
		if err != syscall.EINTR {
			return n, err
		}
	}
}

// socketError returns an error of a system call as package net does.
func (l *link) socketError(op string, err error) error {
	own := l.nc.LocalAddr()
	return &net.OpError{Op: op, Net: own.Network(), Source: own, Addr: l.nc.RemoteAddr(), Err: os.NewSyscallError(op, err)}
}
