package endpoint

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/socket"
	"resty.websocket/internal/transport"
)

// lingerTimeout is for how long the peer's last messages are received after a
// send has failed.
const lingerTimeout = 5 * time.Second

// A link is what the two directions of a connection have in common: the net.Conn,
// the time that its calls may take, and what has ended it. Its methods may be
// called by any goroutine, with or without the directions' locks.
type link struct {
	nc  net.Conn
	raw *rawSocket // of a socket that is package net's; nil: it is none, or cannot be read directly
	set *Settings  // which other connections share

	reading deadline
	writing deadline
	ending  atomic.Pointer[ending] // nil until it is needed
	heart   *heartbeat             // nil: none

	observer atomic.Pointer[Observer] // nil: nothing is counted
}

// isSocket reports whether nc is a socket of the kernel's itself. A wrapper around one
// wants to see each Read and Write.
func isSocket(nc net.Conn) bool {
	switch nc.(type) {
	case *socket.Conn, *net.TCPConn, *net.UnixConn:
		return true
	}
	return false
}

// own returns the net.Conn if it waits in a poller of the library's own, or nil.
func (l *link) own() *socket.Conn {
	own, _ := l.nc.(*socket.Conn)
	return own
}

// open makes l a link over nc.
func (l *link) open(nc net.Conn, set *Settings) {
	l.nc, l.set = nc, set
}

// NetConn returns the connection underneath.
func (l *link) NetConn() net.Conn { return l.nc }

// SetTimeout sets the Timeout of the calls that follow. A call that is under
// way keeps the one that it began with. Zero or less means none.
func (l *link) SetTimeout(d time.Duration) {
	if d <= 0 {
		d = noTimeout
	}
	l.inEnding().timeout.Store(int64(d))
}

// timeout returns the Timeout, or 0 for none.
func (l *link) timeout() time.Duration {
	if e := l.ending.Load(); e != nil && e.timeout.Load() != 0 {
		return max(0, time.Duration(e.timeout.Load()))
	}
	return l.set.timeout
}

// recvCallDeadline and sendCallDeadline return the deadline of a call that begins
// now.
func (l *link) recvCallDeadline() instant { return callDeadline(l.timeout()) }

func (l *link) sendCallDeadline() instant {
	if l.set.sendTimeout > 0 {
		return callDeadline(l.set.sendTimeout)
	}
	return l.recvCallDeadline()
}

func callDeadline(timeout time.Duration) instant {
	if timeout == 0 {
		return never
	}
	return after(timeout)
}

// Fatal returns what ended the connection, or nil while it can be used. After a
// failed send, that is nil as long as the peer's last messages may be received.
func (l *link) Fatal() error {
	e := l.ending.Load()
	if e == nil {
		return nil
	}
	if err := e.fatal.Load(); err != nil {
		return *err
	}
	if err := e.sendErr.Load(); err != nil && l.recvLimitPassed() {
		return l.end(sendingFailed(*err))
	}
	return nil
}

// end makes err what ended the connection, unless something else has already,
// and wakes the goroutines that wait in either direction. It returns what Fatal
// returns from then on.
func (l *link) end(err error) error {
	if l.mark(err) {
		l.wake()
	}
	return *l.inEnding().fatal.Load()
}

// mark is end without waking a goroutine. It reports whether nothing else has ended the
// connection.
func (l *link) mark(err error) bool {
	e := l.inEnding()
	if e.fatal.Load() != nil || !e.fatal.CompareAndSwap(nil, boxed(err)) {
		return false
	}
	l.endLife(err)
	l.heart.end()
	l.tellEnded(err)
	return true
}

// boxed returns a copy of err in memory of its own. A caller that took the address of its
// parameter would allocate that also where it does not get so far.
//
//go:noinline
func boxed(err error) *error { return &err }

// wake ends the reads and writes that are under way, and all that follow.
func (l *link) wake() {
	l.limitRecv(past)
	l.limitSend(past)
}

// endSending makes err what ended sending, unless something else has already.
// Receiving goes on for a while: the peer's last messages, and its Close frame,
// say more than the error does. It returns what all sends return from then on.
func (l *link) endSending(err error) error {
	e := l.inEnding()
	if e.sendErr.CompareAndSwap(nil, boxed(err)) {
		l.limitRecv(after(lingerTimeout))
	}
	return *e.sendErr.Load()
}

// sendError returns what ended sending, or nil.
func (l *link) sendError() error {
	e := l.ending.Load()
	if e == nil {
		return nil
	}
	if err := e.sendErr.Load(); err != nil {
		return *err
	}
	return nil
}

// sendingFailed returns err, of a send, as the error of a connection that is over
// because of it. A Recv call must not return that as a timeout, which would be
// reason to call it again.
func sendingFailed(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("endpoint: sending failed: %v", err)
	}
	return err
}

// isClose reports whether a Close frame of the peer is what ended the connection.
func isClose(fatal error) bool {
	_, closed := fatal.(*frame.CloseError)
	return closed
}

// limitRecv and limitSend lower the limit of a direction.
func (l *link) limitRecv(t instant) { l.reading.lower((*readSide)(l), t) }
func (l *link) limitSend(t instant) { l.writing.lower((*writeSide)(l), t) }

// recvLimitPassed and sendLimitPassed report whether a direction has a limit and it has
// passed.
func (l *link) recvLimitPassed() bool { return l.reading.limitPassed((*readSide)(l)) }
func (l *link) sendLimitPassed() bool { return l.writing.limitPassed((*writeSide)(l)) }

// armRecv and armSend set the deadline of a direction.
func (l *link) armRecv(t instant) (moved bool) { return l.reading.arm((*readSide)(l), t) }
func (l *link) armSend(t instant) (moved bool) { return l.writing.arm((*writeSide)(l), t) }

// wakeRecv ends the wait of a receiver that is under way.
func (l *link) wakeRecv() { l.reading.wake((*readSide)(l)) }

// The two directions.
type (
	readSide  link
	writeSide link
)

func (r *readSide) setDeadline(t instant) error  { return r.nc.SetReadDeadline(t.time()) }
func (w *writeSide) setDeadline(t instant) error { return w.nc.SetWriteDeadline(t.time()) }

func (r *readSide) abortAt(t instant)  { (*link)(r).abortAt(t) }
func (w *writeSide) abortAt(t instant) { (*link)(w).abortAt(t) }

// abortAt aborts the connection at t, on a goroutine of its own.
func (l *link) abortAt(t instant) {
	time.AfterFunc(max(0, until(t)), func() { transport.Abort(l.nc) })
}
