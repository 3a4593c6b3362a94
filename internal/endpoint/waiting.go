package endpoint

import (
	"os"
	"sync"
	"time"
)

// A waiting is a condition that calls wait for, with a lock and no longer than their
// deadlines. The zero value is ready.
type waiting struct {
	cond  *sync.Cond // nil until a call has to wait
	calls int        // that wait
}

// wait waits until signal or broadcast is called, and perhaps less long. The error is
// os.ErrDeadlineExceeded if deadline has passed before. l is held, except while wait
// waits.
func (w *waiting) wait(l *lock, deadline instant) error {
	if passed(deadline) {
		return os.ErrDeadlineExceeded
	}
	if w.cond == nil {
		w.cond = sync.NewCond(l)
	}
	if deadline != never {
		late := time.AfterFunc(until(deadline), func() {
			l.Lock()
			defer l.Unlock()
			w.cond.Broadcast()
		})
		defer late.Stop()
	}
	w.calls++
	defer func() { w.calls-- }()
	w.cond.Wait()
	return nil
}

// signal wakes the call that has waited longest.
func (w *waiting) signal() {
	if w.calls > 0 {
		w.cond.Signal()
	}
}

// broadcast wakes all calls.
func (w *waiting) broadcast() {
	if w.calls > 0 {
		w.cond.Broadcast()
	}
}
