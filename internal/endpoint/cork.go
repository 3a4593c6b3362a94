package endpoint

import (
	"sync/atomic"

	"resty.websocket/frame"
)

// A cork holds frames back while the receiver works on frames that it had
// already, so that the answers to all of them leave in one write.
//
// The receiver puts the cork in when it hands out a frame while a further
// whole one is in the window, and takes it out with the last one. What is
// pending then leaves together with the next frame that is sent, or at the
// latest when the receiver is about to read.
type cork struct {
	in      atomic.Bool
	enabled bool
	held    bool  // the cork was in since the receiver last read; the receiver's own
	slab    *slab // slab.buf[:n] is the pending frames; the rest is guarded by sender.mu
	n       int
}

// maxPending is how many bytes are held back, at most.
const maxPending = 64 << 10

// corkWhile puts the cork in or takes it out, by the rest of the window.
func (c *Conn) corkWhile(rest []byte) {
	k := &c.send.cork
	if !k.enabled {
		return
	}
	h, n, err := frame.ParseHeader(rest)
	more := err == nil && h.Length <= int64(len(rest)-n)
	k.in.Store(more)
	k.held = k.held || more
}

// uncork takes the cork out, when the receiver is about to read.
func (c *Conn) uncork() error {
	k := &c.send.cork
	if !k.held {
		return nil
	}
	k.held = false
	k.in.Store(false)
	return c.Flush()
}

// holds reports whether frames are held back now.
func (k *cork) holds() bool { return k.in.Load() }

// append makes a frame one of the pending ones.
func (k *cork) append(h *frame.Header, p []byte) {
	if size := h.Len() + len(p); k.slab == nil {
		if k.holds() {
			size = max(size, maxPending)
		}
		k.slab = getSlab(size)
	} else if len(k.slab.buf)-k.n < size {
		larger := getSlab(max(k.n+size, maxPending))
		copy(larger.buf, k.slab.buf[:k.n])
		k.slab.free()
		k.slab = larger
	}
	k.n = len(frame.AppendFrame(k.slab.buf[:k.n], *h, p))
}

// drop forgets the pending frames.
func (k *cork) drop() {
	k.slab.free()
	k.slab, k.n = nil, 0
}
