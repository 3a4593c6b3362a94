package endpoint

import (
	"sync/atomic"

	"resty.websocket/frame"
)

// An Observer counts what passes through a connection, and is told of its end. A
// connection that has none counts nothing.
//
// Each Count is written with the lock of its direction held, and may be read at any time.
type Observer struct {
	Received, Sent Count
	Owner          Owner
}

// An Owner is told of the end of a connection. Both methods may be called more than once,
// in either order, and with locks of the connection held: they must not call it.
type Owner interface {
	// Ended is called when the connection has ended, with what Fatal returns.
	Ended(err error)
	// Closed is called when the connection underneath is closed and no call can count
	// anything any more.
	Closed()
}

// A Count is the frames of one direction. A frame that is sent counts when it is accepted.
type Count struct {
	messages atomic.Uint64 // that are whole: one for each frame that ends one
	others   atomic.Uint64 // frames that end no message
	bytes    atomic.Uint64
}

// Messages returns how many messages were whole.
func (c *Count) Messages() uint64 { return c.messages.Load() }

// Frames returns how many frames there were, control frames included.
func (c *Count) Frames() uint64 { return c.messages.Load() + c.others.Load() }

// Bytes returns the length of the frames, headers included.
func (c *Count) Bytes() uint64 { return c.bytes.Load() }

// frame counts a frame of n bytes, or of whose last part has so many.
func (c *Count) frame(fin bool, op frame.Opcode, n int) {
	if fin && !op.IsControl() {
		c.messages.Add(1)
	} else {
		c.others.Add(1)
	}
	c.bytes.Add(uint64(n))
}

// part counts n bytes of a frame that goes on.
func (c *Count) part(n int) { c.bytes.Add(uint64(n)) }

// prepared counts the frames of one message.
func (c *Count) prepared(b []byte) {
	for len(b) > 0 {
		h, n, err := frame.ParseHeader(b)
		if err != nil {
			return // never: the frames are whole
		}
		n += int(h.Length)
		c.frame(h.Fin, h.Opcode, n)
		b = b[n:]
	}
}

// Observer returns the connection's observer, or nil if there is none.
func (l *link) Observer() *Observer { return l.observer.Load() }

// Observe makes o the connection's observer, unless it has one. It returns the one that
// the connection has. If the connection has ended before, the owner may not be told: the
// caller asks Fatal afterwards.
func (l *link) Observe(o *Observer) *Observer {
	if l.observer.CompareAndSwap(nil, o) {
		return o
	}
	return l.observer.Load()
}

func (l *link) tellEnded(err error) {
	if o := l.observer.Load(); o != nil {
		o.Owner.Ended(err)
	}
}

func (l *link) tellClosed() {
	if o := l.observer.Load(); o != nil {
		o.Owner.Closed()
	}
}

// count counts a frame of n bytes that is sent.
func (s *sender) count(fin bool, op frame.Opcode, n int) {
	if o := s.observer.Load(); o != nil {
		o.Sent.frame(fin, op, n)
	}
}

// countPart counts a frame that has ended, or n bytes of one that goes on.
func (r *receiver) countPart(h *frame.Header, n int, part bool) {
	o := r.observer.Load()
	switch {
	case o == nil:
	case part:
		o.Received.part(n)
	default:
		o.Received.frame(h.Fin, h.Opcode, n)
	}
}
