//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import "syscall"

// SyscallConn returns a way to use the descriptor itself, for instance to set an option
// of the socket. As with package net's, the function that is given to Read or Write must
// try first, and return false if that would block.
func (c *Conn) SyscallConn() (syscall.RawConn, error) {
	if err := c.use(); err != nil {
		return nil, c.opError("set", err)
	}
	c.unuse()
	return rawConn{c}, nil
}

type rawConn struct{ *Conn }

// Control calls f with the descriptor.
func (r rawConn) Control(f func(fd uintptr)) error {
	if err := r.use(); err != nil {
		return r.opError("raw-control", err)
	}
	defer r.unuse()
	f(uintptr(r.fd))
	return nil
}

// Read calls f until it returns true, each time when there may be something to read.
func (r rawConn) Read(f func(fd uintptr) (done bool)) error {
	for {
		done, err := r.tryRead(f)
		if err == nil && !done {
			err = r.AwaitRead()
		}
		if err != nil {
			return r.opError("raw-read", err)
		}
		if done {
			return nil
		}
	}
}

func (r rawConn) tryRead(f func(fd uintptr) (done bool)) (done bool, err error) {
	r.mu.Lock()
	if err := r.readErr(); err != nil {
		r.mu.Unlock()
		return false, err
	}
	before := r.state & (readable | doubtful)
	r.state = r.state&^before + oneUse
	r.mu.Unlock()
	// How much f has read is not known: there may be more, also if f panics.
	more := true
	defer func() { r.endRead(more, before&doubtful) }()
	done = f(uintptr(r.fd))
	more = done
	return done, nil
}

// Write calls f until it returns true, each time when there may be room.
func (r rawConn) Write(f func(fd uintptr) (done bool)) error {
	if err := r.beginWrite(); err != nil {
		return r.opError("raw-write", err)
	}
	defer r.endWrite()
	for !f(uintptr(r.fd)) {
		if err := r.awaitWrite(); err != nil {
			return r.opError("raw-write", err)
		}
	}
	return nil
}
