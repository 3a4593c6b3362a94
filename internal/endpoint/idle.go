package endpoint

import (
	"context"
	"errors"
	"os"

	"resty.websocket/frame"
)

// What keeps a connection that is not over from being used by somebody else.
var (
	errReceiving  = errors.New("websocket: another goroutine receives")
	errUnfinished = errors.New("websocket: a message is not finished, or a Close frame was sent")
	errUnread     = errors.New("websocket: unread data")
)

// Idle returns nil if whoever uses the connection next finds it as good as
// new: nothing has begun and not ended in either direction, and what was read
// was consumed. It does not wait for the peer. Data that a Recv call returned
// is not valid any more.
func (c *Conn) Idle() error {
	if err := c.idleSender(); err != nil {
		return err
	}
	if !c.recv.mu.TryLock() {
		return errReceiving
	}
	defer c.recv.mu.Unlock()
	c.beginRecv()
	if c.recv.window.len() > 0 {
		return errUnread
	}
	// It is a copy that is asked, so that the question has no effect.
	decoder := c.recv.decoder
	text := frame.Header{Fin: true, Opcode: frame.Text, Masked: c.role == frame.Server}
	if _, _, err := decoder.Decode(frame.AppendHeader(nil, text)); err != nil {
		return errUnfinished
	}
	return c.Fatal()
}

// idleSender is Idle for the sending direction.
func (c *Conn) idleSender() error {
	c.beginSend()
	defer c.send.mu.Unlock()
	if err := c.Fatal(); err != nil {
		return err
	}
	encoder := c.send.encoder // a copy, as above
	if _, err := encoder.Next(true, frame.Text, nil); err != nil {
		return errUnfinished
	}
	return c.flush()
}

// Rest waits until ctx is done while nobody uses the connection. If anything
// arrives meanwhile, or the connection ends, it returns at once; the connection
// is over then, and the error is what Fatal returns. If it returns nil, there is
// nothing to read.
func (c *Conn) Rest(ctx context.Context) error {
	c.recv.mu.Lock()
	defer c.recv.mu.Unlock()
	a := &c.recv.alarm
	a.arm((*reading)(c), never)
	woken := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		a.arm((*reading)(c), past)
		close(woken)
	})
	n, err := c.nc.Read(make([]byte, 1))
	if !stop() {
		<-woken
	}
	switch {
	case n > 0:
		return c.end(errUnread)
	case !errors.Is(err, os.ErrDeadlineExceeded):
		return c.end(err)
	}
	// A Read whose deadline has passed does not look any more.
	a.arm((*reading)(c), never)
	if err := c.peek(); err != nil {
		return c.end(err)
	}
	return c.Fatal()
}
