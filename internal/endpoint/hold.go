package endpoint

import (
	"sync/atomic"
	"time"
)

// maxHoldTime is for how long a frame is held back, at most.
const maxHoldTime = time.Millisecond

// A hold keeps frames back while the receiver works on frames that had arrived
// together, so that the answers to all of them leave in one write.
//
// The receiver sets the state, without the sender's lock: when it hands out a frame,
// by whether a further whole one is in the window, and when it is about to read.
type hold struct {
	state atomic.Uint32
}

// The states of a hold.
const (
	receiving = iota // the receiver waits or reads
	answering        // it works on the last frame that has arrived
	holdingOn        // it works on a frame, and a further one has arrived
	noHold           // frames are never held back
)

// handOut notes that the receiver hands out a frame. More is true if a further one has
// arrived.
func (k *hold) handOut(more bool) {
	state := k.state.Load()
	if state == noHold {
		return
	}
	next := uint32(answering)
	if more {
		next = holdingOn
	}
	if next != state {
		k.state.Store(next)
	}
}

// readOn notes that the receiver is about to read. It reports whether frames may have
// been held back that nothing else sends now.
func (k *hold) readOn() bool {
	state := k.state.Load()
	if state == noHold || state == receiving {
		return false
	}
	k.state.Store(receiving)
	return true
}

// holds reports whether frames are held back now.
func (k *hold) holds() bool { return k.state.Load() == holdingOn }

// letGo ends the hold until the receiver hands out the next frame.
func (k *hold) letGo() { k.state.CompareAndSwap(holdingOn, receiving) }

// answers reports whether a frame is the first that is sent since the receiver has
// handed out the last frame that had arrived.
func (k *hold) answers() bool { return k.state.CompareAndSwap(answering, receiving) }
