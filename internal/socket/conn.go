//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"errors"
	"net"
	"os"
	"sync"
	"syscall"
)

// A Conn is a socket that waits on a poller of this package. It must be closed when it is
// not needed any more, since the poller refers to it. Multiple goroutines may invoke its
// methods simultaneously.
//
// A program has as many as it has connections, so that each byte counts: there are 64.
type Conn struct {
	mu     sync.Mutex // guards all of the below but fd and peer, which do not change
	peer   peer
	reader Parker // those that wait for something to read, or nil
	rare   *rare  // nil: it would be zero
	fd     int32
	state  state
}

// rare is the part of a Conn that most Conns do without most of the time.
type rare struct {
	writer    Parker   // those that wait to write, or nil
	readTime  *expiry  // of a read deadline to come, or nil
	writeTime *expiry  // of a write deadline to come, or nil
	peerName  string   // of a Unix socket, if it is long
	local     net.Addr // of a Conn that is closed
}

// A state is flags, and the number of the calls that use the descriptor. The last of
// them closes it if the Conn is closed: were it closed under a system call, that might
// reach another socket, to which the kernel gives the same number.
type state uint32

const (
	readable  state = 1 << iota // a read may find something
	doubtful                    // a short read does not tell that there is no more
	writable                    // there has been room since the last write began
	writing                     // a write is under way
	closed                      // Close was called
	readLate                    // the read deadline has passed
	writeLate                   // the write deadline has passed
	oneUse                      // and so on: the calls that use the descriptor
)

func (s state) has(flag state) bool { return s&flag != 0 }

// Take moves the descriptor of nc, a *net.TCPConn or a *net.UnixConn that is a stream, to
// a Conn. nc is closed and must not be used any more. No other goroutine may be using it.
//
// If this package has no poller for the system, or nc is no such socket, the error is
// errors.ErrUnsupported. After an error nc is as it was before.
func Take(nc net.Conn) (*Conn, error) {
	switch nc.(type) {
	case *net.TCPConn, *net.UnixConn:
	default:
		return nil, errors.ErrUnsupported
	}
	fd, err := dup(nc.(syscall.Conn))
	if err != nil {
		return nil, err
	}
	c := &Conn{fd: int32(fd), state: readable | writable}
	c.setPeer(nc.RemoteAddr())
	if err := pollerOf(fd).add(c); err != nil {
		syscall.Close(fd)
		return nil, err
	}
	nc.Close()
	return c, nil
}

// use makes sure that the descriptor is not closed until the call of unuse that has to
// follow. It returns net.ErrClosed if c is closed.
func (c *Conn) use() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.has(closed) {
		return net.ErrClosed
	}
	c.state += oneUse
	return nil
}

func (c *Conn) unuse() error {
	c.mu.Lock()
	last := c.endUse()
	c.mu.Unlock()
	if last {
		return os.NewSyscallError("close", syscall.Close(int(c.fd)))
	}
	return nil
}

// endUse is unuse with mu held. If it returns true, the caller must close the descriptor.
func (c *Conn) endUse() (last bool) {
	c.state -= oneUse
	return c.state.has(closed) && c.state < oneUse
}

// Close closes the connection. Calls that wait return net.ErrClosed, and a Parker is
// woken. The descriptor is closed before Close returns unless another call is using it,
// which closes it then.
func (c *Conn) Close() error {
	c.mu.Lock()
	if c.state.has(closed) {
		c.mu.Unlock()
		return c.opError("close", net.ErrClosed)
	}
	c.state = (c.state | closed) + oneUse
	r := c.rarely()
	r.local = c.socketName()
	r.readTime.stop()
	r.writeTime.stop()
	r.readTime, r.writeTime = nil, nil
	readers, writers := c.takeReaders(), c.takeWriters()
	c.mu.Unlock()

	pollerOf(int(c.fd)).remove(c)
	wake(readers)
	wake(writers)
	if err := c.unuse(); err != nil {
		return c.opError("close", err)
	}
	return nil
}

// CloseWrite shuts down the writing side. The peer reads io.EOF behind what was written.
func (c *Conn) CloseWrite() error {
	err := c.use()
	if err == nil {
		defer c.unuse()
		err = os.NewSyscallError("shutdown", syscall.Shutdown(int(c.fd), syscall.SHUT_WR))
	}
	if err != nil {
		return c.opError("close", err)
	}
	return nil
}

// rarely returns rare, to be changed. c.mu is held.
func (c *Conn) rarely() *rare {
	if c.rare == nil {
		c.rare = new(rare)
	}
	return c.rare
}

// dropRare frees rare if it is zero again. c.mu is held.
func (c *Conn) dropRare() {
	if c.rare != nil && *c.rare == (rare{}) {
		c.rare = nil
	}
}
