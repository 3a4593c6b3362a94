package endpoint

import (
	"runtime"
	"sync"
)

// A flusher writes the pending frames of many connections, in the order in which these
// were added, without waiting for any peer. It has goroutines only while there is
// something to write, no more than the processors that the program uses: one for each
// connection would cost more than the writes of small frames do.
type flusher struct {
	mu      sync.Mutex
	first   *sender // the others follow by traffic.next
	last    *sender
	senders int
	workers int
}

// sockets is the flusher of all connections whose net.Conn is a socket.
var sockets flusher

// connsPerWorker is how many connections wait for each worker before there is another.
const connsPerWorker = 32

// add adds s, whose lock is held, and which is not among the connections already.
func (f *flusher) add(s *sender) {
	s.inTraffic()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.last == nil {
		f.first = s
	} else {
		f.last.traffic.next = s
	}
	f.last = s
	f.senders++
	if f.workers == 0 || f.senders > connsPerWorker*f.workers && f.workers < runtime.GOMAXPROCS(0) {
		f.workers++
		go f.work()
	}
}

func (f *flusher) work() {
	for s := f.take(); s != nil; s = f.take() {
		s.flushQueued()
	}
}

// take returns the connection that has waited longest. If there is none, it returns nil
// and the worker has to end.
func (f *flusher) take() *sender {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.first
	if s == nil {
		f.workers--
		return nil
	}
	f.first, s.traffic.next = s.traffic.next, nil
	if f.first == nil {
		f.last = nil
	}
	f.senders--
	return s
}

// flushQueued writes the pending frames as far as the kernel takes them, and leaves the
// rest to a goroutine.
func (s *sender) flushQueued() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queued = false
	if s.busy || s.pending.len() == 0 {
		return
	}
	s.busy = true
	if whole := s.tryPending(); !whole {
		go s.drain()
		return
	}
	s.endTurn()
}

// tryPending writes the bytes that are pending first without waiting, in a turn. It
// reports false if a rest of them is left.
func (s *sender) tryPending() (whole bool) {
	s.mu.assertHeld()
	b, slab := s.pending.take(s.pending.len())
	s.traffic.madeRoom()
	n, err := s.tryUnlocked(b)
	s.unsent -= n
	if err == nil && n < len(b) {
		s.pending.putBack(b[n:], slab)
		return false
	}
	slab.free()
	if err != nil {
		s.writeFailed(err)
	}
	return true
}

func (s *sender) tryUnlocked(b []byte) (n int, err error) {
	s.mu.assertHeld()
	defer s.relock()
	s.inWrite = true
	s.mu.Unlock()
	return s.tryWrite(b)
}
