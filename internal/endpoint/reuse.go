package endpoint

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"resty.websocket/frame"
)

// pongTimeout bounds the wait for the rest of a Pong that has begun to arrive. The system may
// stop the process for a few milliseconds of it, and a read whose time is over does not look.
const pongTimeout = 10 * time.Millisecond

// The reasons why a connection that is not over cannot be used for something else.
var (
	errReceiving  = errors.New("endpoint: another goroutine receives")
	errUnfinished = errors.New("endpoint: a message is not finished, or a Close frame was sent")
	errUnsent     = errors.New("endpoint: unsent frames")
	errUnread     = errors.New("endpoint: unread data")
)

// Reusable returns nil if the connection is as good as new: nothing has begun and
// not ended in either direction, and nothing that has arrived is unread. It does not
// wait for the peer. Data that a Recv call returned is not valid any more.
func (c *Conn) Reusable() error {
	if err := c.sendReusable(); err != nil {
		return err
	}
	if !c.recv.mu.TryLock() {
		return errReceiving
	}
	defer c.recv.mu.Unlock()
	r := &c.recv
	r.begin()
	r.heart.rest()
	err := r.untouched()
	if err == errUnread && r.heart.awaitsPong() {
		err = r.takePong()
	}
	if err != nil {
		return err
	}
	return c.Fatal()
}

func (c *Conn) sendReusable() error {
	c.send.mu.Lock()
	defer c.send.mu.Unlock()
	return c.send.reusable()
}

// reusable is Reusable for the sending direction.
func (s *sender) reusable() error {
	s.mu.assertHeld()
	if err := s.over(); err != nil {
		return err
	}
	if !s.encoder.Idle() || s.exclusive {
		return errUnfinished
	}
	s.flushSoon()
	if s.busy {
		return errUnsent
	}
	return s.over()
}

// untouched returns nil if the receiving direction is between two messages, and
// nothing of the next one has arrived.
func (r *receiver) untouched() error {
	r.mu.assertHeld()
	if err := r.readerDone(); err != nil {
		return err
	}
	switch {
	case r.window.len() > 0:
		return errUnread
	case !r.decoder.Idle():
		return errUnfinished
	}
	r.armRecv(never) // a deadline of an earlier call may have passed, and keeps peek from looking
	return r.peek()
}

// readerDone returns nil if no message is being read, or all of it has been read except
// for its end. It does not wait.
func (r *receiver) readerDone() error {
	r.mu.assertHeld()
	m := r.reader
	if m == nil {
		return nil
	}
	if !m.last {
		return errUnfinished
	}
	_, err := m.unread()
	switch err {
	case nil:
		return errUnread
	case io.EOF:
		m.end(io.EOF)
		return nil
	}
	return err
}

// Watch waits until ctx is done while the connection is not used. If it returns
// nil, nothing has arrived, or the Pong of a heartbeat. Otherwise the connection cannot
// be used any more: it has ended, or the peer has sent something, which Watch receives
// and answers. The error is what Fatal returns.
//
// Meanwhile the connection has no heartbeat.
func (c *Conn) Watch(ctx context.Context) error {
	c.recv.mu.Lock()
	defer c.recv.mu.Unlock()
	r := &c.recv
	r.heart.rest()
	defer r.heart.rest()
	for {
		if arrived, err := r.watchOnce(ctx); !arrived {
			return err
		}
		if err := r.answerLast(); err != nil {
			return err
		}
	}
}

// watchOnce waits until ctx is done. It reports whether something has arrived that is to be
// received. Otherwise the error is that of Watch.
func (r *receiver) watchOnce(ctx context.Context) (arrived bool, err error) {
	r.mu.assertHeld()
	r.begin()
	n, err := r.watch(ctx)
	switch {
	case n > 0:
		return true, nil
	case !r.reading.expired(err):
		return false, r.end(err)
	}
	// A Read whose deadline has passed does not look any more.
	r.armRecv(never)
	switch err := r.peek(); {
	case err == nil:
		return false, r.Fatal()
	case err == errUnread && r.heart.awaitsPong():
		return true, nil
	default:
		return false, r.end(err)
	}
}

// watch reads a byte of the next frame into the window, unless ctx is done first. It
// holds no more than that byte while it waits.
func (r *receiver) watch(ctx context.Context) (n int, err error) {
	r.mu.assertHeld()
	r.armRecv(never)
	woken := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(woken)
		r.wakeRecv()
	})
	first := make([]byte, 1)
	n, err = r.readSome(first)
	if !stop() {
		<-woken
	}
	if n > 0 {
		r.window.move(n)
		r.window.extend(copy(r.window.tail(), first))
	}
	return n, err
}

// answerLast receives the frame of which the first byte has arrived, and answers it.
// Then the connection ends, unless the frame is the Pong of the heartbeat.
func (r *receiver) answerLast() error {
	r.mu.assertHeld()
	r.deadline = after(closeTimeout)
	f, err := r.next(-1)
	if err == nil && r.isPong(f) {
		return nil
	}
	if err == nil && f.Opcode.IsControl() {
		err = r.answer(f)
		r.awaitAnswer()
	}
	if err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		err = errUnread
	}
	return r.end(err)
}

// isPong reports whether f is the Pong of the heartbeat, and nothing is behind it.
func (r *receiver) isPong(f *frame.Frame) bool {
	r.mu.assertHeld()
	return f.Opcode == frame.Pong && r.heart.pong(f.Payload) && r.window.len() == 0
}

// takePong returns nil if what has arrived and is unread is the Pong of the heartbeat and
// nothing else.
func (r *receiver) takePong() error {
	r.mu.assertHeld()
	r.deadline = after(pongTimeout)
	f, err := r.next(-1)
	switch {
	case err != nil && r.Fatal() != nil:
		return err
	case err != nil || !f.Opcode.IsControl():
		return errUnread
	case r.isPong(f):
		r.begin()
		return r.untouched()
	}
	if err := r.answer(f); err != nil {
		return err
	}
	return errUnread
}

// awaitAnswer waits until the peer has taken the answer, or the call's time is over.
func (r *receiver) awaitAnswer() {
	r.mu.assertHeld()
	r.sender.mu.Lock()
	defer r.sender.mu.Unlock()
	r.sender.awaitWritten(r.deadline)
}
