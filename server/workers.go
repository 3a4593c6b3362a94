package server

import (
	"runtime"
	"sync"
)

// Workers are goroutines that serve sessions which have something to receive. A worker
// takes one after another. When it takes one and others wait, it first sees to it that a
// further worker is on its way: if the session's Message blocks, that one goes on with
// the others. A worker that is on its way wakes no more until it has come, so that
// sessions that do not block are served by as many goroutines as there are processors.
type workers struct {
	mu       sync.Mutex
	come     sync.Cond // a worker is called; its lock is mu
	first    *session  // that waits; the others follow by session.next
	last     *session
	sessions int  // that are open
	idle     int  // workers that wait for a session
	coming   bool // a worker is on its way
}

// serving serves all sessions.
var serving = newWorkers()

func newWorkers() *workers {
	w := new(workers)
	w.come.L = &w.mu
	return w
}

// open counts a session that begins, and has it served.
func (w *workers) open(s *session) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sessions++
	w.add(s)
}

// wake has s served, which is not among those that wait.
func (w *workers) wake(s *session) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.add(s)
}

func (w *workers) add(s *session) {
	if w.first == nil {
		w.first = s
	} else {
		w.last.next = s
	}
	w.last = s
	w.call()
}

// call has a worker come, unless one is on its way.
func (w *workers) call() {
	switch {
	case w.coming:
	case w.idle > 0:
		w.coming = true
		w.come.Signal()
	default:
		w.coming = true
		go w.work()
	}
}

// work serves sessions until there are workers enough without it.
func (w *workers) work() {
	w.mu.Lock()
	w.coming = false
	for s := w.take(); s != nil; s = w.take() {
		w.mu.Unlock()
		s.serve()
		w.mu.Lock()
	}
	w.mu.Unlock()
}

// take removes the session that has waited longest, and waits for one if need be. It
// returns nil if the worker is to end.
func (w *workers) take() *session {
	for w.first == nil {
		if !w.await() {
			return nil
		}
	}
	s := w.first
	w.first, s.next = s.next, nil
	if w.first != nil {
		w.call()
	}
	return s
}

// await waits until a session waits. It reports false if the worker is not needed: one more
// than there are processors wait already, or no session is open. The one more is on its way
// while the others serve.
func (w *workers) await() bool {
	if w.sessions == 0 || w.idle > runtime.GOMAXPROCS(0) {
		return false
	}
	w.idle++
	w.come.Wait()
	w.idle--
	w.coming = false
	return true
}

// closed counts a session that has ended. The last one ends the workers that wait.
func (w *workers) closed() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.sessions--; w.sessions == 0 {
		w.come.Broadcast()
	}
}
