package endpoint

import (
	"encoding/binary"
	"errors"
	"sync/atomic"
	"time"
)

// ErrPeerSilent ends a connection whose peer sends nothing, not even the answer to a
// Ping.
var ErrPeerSilent = errors.New("endpoint: the peer is silent: nothing has come since a ping of the heartbeat")

// A heartbeat watches for silence of the peer. If a connection has one, it is visited by
// the wheel of its period.
//
// Silence counts from the last bytes that were received to the last moment at which the
// receiver is known to have found nothing: now, if it waits. If that is a period, the
// peer is sent a Ping. If it is a period since that Ping, the connection ends. A receiver
// that is busy elsewhere finds nothing, so that its peer is not to blame.
//
// The receiver calls received, waiting and foundNothing. All times are ticks of the
// wheel's clock.
type heartbeat struct {
	spoke
	conn   *Conn
	heard  atomic.Uint32 // when bytes came last
	empty  atomic.Uint32 // when the last wait ended without any
	waits  atomic.Uint32 // when the receiver's wait began, times 2, plus 1; 0: it does not wait
	pinged uint32        // when the last Ping was due; used by visit alone

	sent    atomic.Int64 // the instant at which the Ping was sent; 0 if its Pong has come
	latency atomic.Int64 // a time.Duration, of the last Pong
}

// settledTicks is for how many ticks a wait has to last to show that there is nothing to
// read: some net.Conns do not tell whether they have looked.
const settledTicks = 2

// beat gives the connection a heartbeat.
func (c *Conn) beat(period time.Duration) {
	wheels.mu.Lock()
	defer wheels.mu.Unlock()
	h := &heartbeat{conn: c}
	h.of = h
	h.join(period)
	t := h.wheel.clock.Load()
	h.heard.Store(t)
	h.empty.Store(t)
	h.pinged = t
	c.heart = h
}

// Latency returns the time from the last Ping of the heartbeat to its Pong, or 0 before
// the first.
func (c *Conn) Latency() time.Duration {
	if c.heart == nil {
		return 0
	}
	return time.Duration(c.heart.latency.Load())
}

// received notes that bytes have come. It may be called on nil, as those below.
func (h *heartbeat) received() {
	if h != nil {
		h.heard.Store(h.wheel.clock.Load())
		h.waits.Store(0)
	}
}

// waiting notes that the receiver begins to wait, or is parked: it has read all that
// there was, or is about to.
func (h *heartbeat) waiting() {
	if h != nil {
		h.waits.Store(h.wheel.clock.Load()<<1 | 1)
	}
}

// foundNothing notes that the wait has ended without bytes.
func (h *heartbeat) foundNothing() {
	if h != nil && h.waits.Load() != 0 {
		h.empty.Store(h.wheel.clock.Load())
		h.waits.Store(0)
	}
}

// end ends the heartbeat.
func (h *heartbeat) end() {
	if h != nil {
		h.leave()
	}
}

// visit pings a peer that is silent, and ends the connection if it stays silent.
func (h *heartbeat) visit(t uint32) (next uint32) {
	quiet, waits := h.quietUntil(t)
	heard := h.heard.Load()
	due := heard + h.wheel.ticks + 1 // the first of them is not a whole one
	pinged := int32(h.pinged-heard) > 0
	if pinged {
		due = h.pinged + h.wheel.ticks
	} else {
		h.pinged = heard
	}
	switch {
	case int32(due-quiet) > 0:
		return h.lookAgain(due-t, waits)
	case h.conn.sendError() != nil:
		return h.wheel.ticks // the connection ends in lingerTimeout
	case !pinged:
		return h.ping(t)
	case h.conn.arrived():
		h.heard.Store(t) // the receiver has not had the time to read it
		return h.wheel.ticks
	}
	go h.conn.end(ErrPeerSilent) // which calls the net.Conn
	return 0
}

// quietUntil returns the last tick, t at most, at which the receiver is known to have
// found nothing, and reports whether it waits.
func (h *heartbeat) quietUntil(t uint32) (quiet uint32, waits bool) {
	began := h.waits.Load()
	if began == 0 {
		return h.empty.Load(), false
	}
	if (t<<1|1-began)>>1 >= settledTicks {
		return t, true
	}
	return h.empty.Load(), true
}

// lookAgain returns in how many ticks the next visit is, if something is due in so many
// ticks unless bytes come. If that is now, the receiver has been busy.
func (h *heartbeat) lookAgain(due uint32, waits bool) (next uint32) {
	switch {
	case int32(due) > 0:
		return due
	case waits || h.wheel.clock.Load()-h.empty.Load() <= settledTicks:
		return 1
	}
	return max(1, h.wheel.ticks/16)
}

// ping sends a Ping without waiting for the peer. One for which there is no room counts
// as sent: the peer has not taken what was sent before.
func (h *heartbeat) ping(t uint32) (next uint32) {
	s := &h.conn.send
	if !s.mu.TryLock() {
		return 1
	}
	defer s.mu.Unlock()
	h.pinged = t
	sent := now()
	h.sent.Store(int64(sent))
	s.ping(binary.BigEndian.AppendUint32(nil, uint32(sent)))
	return h.wheel.ticks
}

// pong notes that a Pong has come, and reports whether it answers the last Ping, as its
// payload tells.
func (h *heartbeat) pong(payload []byte) bool {
	if h == nil || len(payload) != 4 {
		return false
	}
	sent := h.sent.Load()
	answers := sent != 0 && binary.BigEndian.Uint32(payload) == uint32(sent) && h.sent.CompareAndSwap(sent, 0)
	if answers {
		h.latency.Store(int64(now()) - sent)
	}
	return answers
}

// awaitsPong reports whether the last Ping has not been answered.
func (h *heartbeat) awaitsPong() bool { return h != nil && h.sent.Load() != 0 }

// rest begins the count of silence anew. While the receiver does not wait after it, the
// peer is sent no Ping.
func (h *heartbeat) rest() {
	if h != nil {
		h.received()
		h.empty.Store(h.heard.Load())
	}
}
