package endpoint

import (
	"os"
	"time"

	"resty.websocket/frame"
)

// A receiver is the receiving direction of a connection. Its methods are called
// with mu held, which a Recv call holds until it returns.
type receiver struct {
	*link
	sender    *sender // for answers
	mu        lock
	decoder   frame.Decoder
	window    window
	message   message
	reader    *messageReader // of the message that NextReader has begun and nothing ended
	inflation *inflation     // nil: no compression
	deadline  instant        // of the call that is under way
}

// lockRecv takes the receiver's lock for a Recv call. If another goroutine is in
// Close, it waits for its end, and no longer than the call may take.
func (c *Conn) lockRecv() error {
	if c.recv.mu.TryLock() {
		return nil
	}
	return c.awaitRecv()
}

//go:noinline
func (c *Conn) awaitRecv() error {
	closing := c.inEnding().closing.Load()
	if closing == nil {
		c.recv.mu.Lock() // until another Recv call returns
		return nil
	}
	var late <-chan time.Time
	if deadline := c.recvCallDeadline(); deadline != never {
		timer := time.NewTimer(until(deadline))
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-closing.done:
		c.recv.mu.Lock()
		return nil
	case <-late:
		return os.ErrDeadlineExceeded
	}
}

// begin begins a Recv call: what the last one returned is not valid any more.
func (r *receiver) begin() {
	r.mu.assertHeld()
	r.deadline = unread
	r.window.reclaim()
	r.message.reclaim()
}

// drop gives up what the direction holds, at the end of the connection.
func (r *receiver) drop() {
	r.mu.assertHeld()
	r.dropReader(r.closedError())
	r.window.drop()
	r.message.drop()
	r.inflation.close()
}
