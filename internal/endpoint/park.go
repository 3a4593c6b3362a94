package endpoint

import (
	"errors"
	"os"

	"resty.websocket/frame"
	"resty.websocket/internal/socket"
)

// ErrNothing is the error of PollMessage if the peer has sent no more.
var ErrNothing = errors.New("endpoint: nothing to receive")

// Parks reports whether the connection can wait without a goroutine.
func (c *Conn) Parks() bool { return c.own() != nil }

// PollMessage is RecvMessage that does not wait for the peer, if the connection can do
// that in Park. It keeps what has arrived of a message that is not whole. PollMessage knows no
// Timeout, and ends the bound of SetRecvContext.
func (c *Conn) PollMessage() (data []byte, typ frame.Opcode, err error) {
	c.recv.mu.Lock() // if another goroutine is in Close, until that has received
	defer c.recv.mu.Unlock()
	return c.recv.pollMessage()
}

func (r *receiver) pollMessage() (data []byte, typ frame.Opcode, err error) {
	r.mu.assertHeld()
	r.message.polled = true
	for err = os.ErrDeadlineExceeded; err == os.ErrDeadlineExceeded; {
		r.begin()
		r.deadline = never // also for the rest of a message that NextReader has begun
		if err = r.beginMessage(); err == nil {
			data, typ, err = r.wholeMessage()
		}
		if err == os.ErrDeadlineExceeded {
			r.removeBound()
		}
	}
	r.message.polled = false
	return data, typ, err
}

// Park has p.Wake called, once, when PollMessage has something to return, after it has
// returned ErrNothing. It returns false if that may be the case already.
func (c *Conn) Park(p socket.Parker) bool { return c.own().Park(p) }

// readOwn is read for a socket that waits in the library's own poller.
func (r *receiver) readOwn() error {
	r.mu.assertHeld()
	w, own := &r.window, r.own()
	for {
		if !own.Ready() {
			w.shrink()
			switch {
			case r.message.polled:
				r.heart.waiting() // in Park
				return ErrNothing
			case !r.armed():
				return errUnarmed
			}
			r.heart.waiting()
			if err := own.AwaitRead(); err != nil {
				r.heart.foundNothing()
				return err
			}
		}
		w.makeRoom(readLen, r.frameLen())
		n, err := own.TryRead(w.tail())
		if n > 0 {
			w.extend(n)
			r.heart.received()
		}
		if err != socket.ErrWouldBlock {
			return err
		}
	}
}

// triesWrites reports whether tryWrite can write.
func (l *link) triesWrites() bool { return l.own() != nil || l.raw != nil }
