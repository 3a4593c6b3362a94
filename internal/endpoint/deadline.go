package endpoint

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// An instant is a moment by the monotonic clock, in nanoseconds since epoch. A
// connection has six of them, which would take three times the memory as
// time.Time.
type instant int64

const (
	never   instant = 0
	past    instant = -1 // has passed
	unknown instant = -2 // the deadline of a call that has not had to wait
	unread  instant = -3 // unknown, and the call has not even read
)

// epoch is a hundred years before the process began. In a bubble of testing/synctest
// it is the year 2000, which must come after it.
var epoch = time.Now().Add(-100 * 365 * 24 * time.Hour)

func now() instant { return instant(time.Since(epoch)) }

// after returns the instant after d from now on, d being positive.
func after(d time.Duration) instant {
	t := now() + instant(d)
	if t < 0 {
		return never // as good as that: it is in hundreds of years
	}
	return t
}

// until returns how long it is until t, which is not never.
func until(t instant) time.Duration { return time.Duration(t - now()) }

// passed reports whether t has passed.
func passed(t instant) bool { return t != never && t <= now() }

// earlier returns the earlier of two instants.
func earlier(a, b instant) instant {
	if b == never || a != never && a < b {
		return a
	}
	return b
}

// instantOf returns the instant of t, a deadline as package net takes it.
func instantOf(t time.Time) instant {
	if t.IsZero() {
		return never
	}
	d := time.Until(t)
	if d <= 0 {
		return past
	}
	return after(d)
}

// time returns t as package net takes it.
func (t instant) time() time.Time {
	if t == never {
		return time.Time{}
	}
	return epoch.Add(time.Duration(t))
}

// A deadline is that of one direction of a net.Conn. To set one costs, so that
// only a goroutine that is about to wait sets it, and only if another one is set.
//
// The limit is how other goroutines take part: no wait lasts beyond it. Close
// lowers it to bound the whole connection, and a direction that finds the
// connection dead lowers that of the other.
//
// Its mutex is held for no longer than the calls below take.
type deadline struct {
	mu    sync.Mutex
	armed instant // the deadline that is set on the net.Conn
}

// A direction is one of a net.Conn's.
type direction interface {
	setDeadline(t instant) error
	// The deadline's mutex is held for these. bounded returns t, or the limit or the end
	// of a bound of the direction if that is earlier.
	limit() instant
	setLimit(t instant)
	bounded(t instant) instant
	// abortAt is for a net.Conn whose deadlines cannot be set.
	abortAt(t instant)
}

// arm sets the deadline for a wait that is to last until t, or until the limit
// if that is earlier. It reports whether that is another deadline than the one
// before.
func (d *deadline) arm(of direction, t instant) (moved bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	moved, _ = d.move(of, of.bounded(t))
	return moved
}

// set is arm even if the deadline seems to be set already.
func (d *deadline) set(of direction, t instant) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.armed = of.bounded(t)
	of.setDeadline(d.armed)
}

// covers reports whether the deadline that is set ends a wait by t.
func (d *deadline) covers(t instant) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return earlier(d.armed, t) == d.armed
}

// lower lowers the limit to t, if it is not as low already, for the wait that
// is under way as well as for those to come. A net.Conn without deadlines is
// closed at that moment.
func (d *deadline) lower(of direction, t instant) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if limit := of.limit(); earlier(t, limit) == limit {
		return
	}
	of.setLimit(t)
	if _, err := d.move(of, earlier(d.armed, t)); err != nil && !errors.Is(err, net.ErrClosed) {
		of.abortAt(t)
	}
}

// wake ends the wait that is under way, if any. A net.Conn without deadlines is
// closed.
func (d *deadline) wake(of direction) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.move(of, past); err != nil && !errors.Is(err, net.ErrClosed) {
		of.abortAt(past)
	}
}

// limitPassed reports whether there is a limit and it has passed.
func (d *deadline) limitPassed(of direction) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return passed(of.limit())
}

func (d *deadline) move(of direction, to instant) (moved bool, err error) {
	if to == d.armed {
		return false, nil
	}
	d.armed = to
	return true, of.setDeadline(to)
}

// expired reports whether err, of a read or a write, says that the deadline has
// passed. Some net.Conns say so with an error that is a timeout and nothing else;
// the kernel's ETIMEDOUT is one too, and comes before any deadline.
func (d *deadline) expired(err error) bool {
	switch {
	case err == io.EOF: // which ends most connections, and must not make the stack grow
		return false
	case errors.Is(err, os.ErrDeadlineExceeded):
		return true
	}
	timeout, ok := err.(net.Error)
	if !ok {
		timeout = wrappedError(err)
	}
	if timeout == nil || !timeout.Timeout() {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return passed(d.armed)
}

// wrappedError returns the net.Error that err wraps, or nil. Most errors of a net.Conn are one
// themselves, and need neither the memory nor the stack for this.
func wrappedError(err error) (wrapped net.Error) {
	errors.As(err, &wrapped)
	return wrapped
}
