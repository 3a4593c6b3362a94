package endpoint

import (
	"os"
	"sync"
	"time"
)

// A waiting is a queue of calls that wait with a lock, and no longer than their
// deadlines. Its methods are called with that lock held. The zero value is ready.
type waiting struct {
	last *waiter // whose next one is the first; nil if no call waits
}

// A waiter is a call that waits.
type waiter struct {
	cond   sync.Cond
	next   *waiter
	queued bool // it is neither woken nor late
}

// waiters has those of calls without a deadline. The others are not used again, since
// a timer may be late.
var waiters = sync.Pool{New: func() any { return new(waiter) }}

// wait waits until signal or broadcast wakes the call. The error is
// os.ErrDeadlineExceeded if deadline passes before.
func (w *waiting) wait(l *lock, deadline instant) error {
	if passed(deadline) {
		return os.ErrDeadlineExceeded
	}
	if deadline == never {
		c := waiters.Get().(*waiter)
		w.await(c, l)
		waiters.Put(c)
		return nil
	}
	c := new(waiter)
	late := time.AfterFunc(until(deadline), func() {
		l.Lock()
		defer l.Unlock()
		c.cond.Signal()
	})
	defer late.Stop()
	w.await(c, l)
	if c.queued {
		w.remove(c)
		return os.ErrDeadlineExceeded
	}
	return nil
}

// await queues c, and waits until its cond is signaled.
func (w *waiting) await(c *waiter, l *lock) {
	c.cond.L = l
	w.push(c)
	c.cond.Wait()
}

func (w *waiting) push(c *waiter) {
	c.queued, c.next = true, c
	if w.last != nil {
		c.next, w.last.next = w.last.next, c
	}
	w.last = c
}

func (w *waiting) remove(c *waiter) {
	before := w.last
	for before.next != c {
		before = before.next
	}
	before.next = c.next
	switch {
	case before == c:
		w.last = nil
	case w.last == c:
		w.last = before
	}
	c.queued, c.next = false, nil
}

// any reports whether a call waits.
func (w *waiting) any() bool { return w.last != nil }

// signal wakes the call that has waited longest. It reports whether there is one.
func (w *waiting) signal() bool {
	if w.last == nil {
		return false
	}
	c := w.last.next
	w.remove(c)
	c.cond.Signal()
	return true
}

// broadcast wakes all calls.
func (w *waiting) broadcast() {
	for w.signal() {
	}
}
