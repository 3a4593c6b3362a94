package endpoint

import (
	"sync/atomic"
	"time"
)

// An ending is the part of a link that it needs only from when on something ends or
// bounds the connection, or wants to be told of its end. Most of the connections that
// are idle have none.
type ending struct {
	fatal   atomic.Pointer[error]   // what ended the connection
	sendErr atomic.Pointer[error]   // what ended sending alone
	life    atomic.Pointer[life]    // of Context; nil until it is used
	closing atomic.Pointer[closing] // the first call of Close

	timeout atomic.Int64 // of SetTimeout, a time.Duration or noTimeout; 0 until it is used

	// These are the limits of the two deadlines, and a bound of receives, which may be
	// nil. The mutex of their deadline guards them.
	recvLimit instant
	sendLimit instant
	recvBound *bound
}

const noTimeout time.Duration = -1

// inEnding returns the ending of l, which it makes if need be.
func (l *link) inEnding() *ending {
	if e := l.ending.Load(); e != nil {
		return e
	}
	l.ending.CompareAndSwap(nil, new(ending))
	return l.ending.Load()
}

// limit and bounded are those of a direction.
func (r *readSide) limit() instant {
	if e := r.ending.Load(); e != nil {
		return e.recvLimit
	}
	return never
}

func (w *writeSide) limit() instant {
	if e := w.ending.Load(); e != nil {
		return e.sendLimit
	}
	return never
}

func (r *readSide) setLimit(t instant)  { (*link)(r).inEnding().recvLimit = t }
func (w *writeSide) setLimit(t instant) { (*link)(w).inEnding().sendLimit = t }

func (r *readSide) bounded(t instant) instant {
	e := r.ending.Load()
	if e == nil {
		return t
	}
	t = earlier(e.recvLimit, t)
	if e.recvBound != nil {
		return earlier(e.recvBound.until, t)
	}
	return t
}

func (w *writeSide) bounded(t instant) instant { return earlier(w.limit(), t) }
