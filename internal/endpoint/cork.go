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
	held    bool // the cork was in since the receiver last read; the receiver's own
}

// maxPending is how many bytes are held back, at most.
const maxPending = 64 << 10

// while puts the cork in or takes it out, by the rest of the window. It and uncork
// are the receiver's to call, without the sender's lock.
func (k *cork) while(rest []byte) {
	if !k.enabled {
		return
	}
	h, n, err := frame.ParseHeader(rest)
	more := err == nil && h.Length <= int64(len(rest)-n)
	k.in.Store(more)
	k.held = k.held || more
}

// takeOut takes the cork out, when the receiver is about to read. It reports whether
// the cork was in since it was last taken out.
func (k *cork) takeOut() bool {
	if !k.held {
		return false
	}
	k.held = false
	k.in.Store(false)
	return true
}

// holds reports whether frames are held back now.
func (k *cork) holds() bool { return k.in.Load() }
