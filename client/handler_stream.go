package client

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// streamSize is how many bytes of a stream may be written and not yet read.
const streamSize = 64 << 10

// A stream is one direction of a connection in memory.
type stream struct {
	mu        sync.Mutex
	changed   sync.Cond // broadcast when any of the following changes
	buf       []byte    // written and not yet read
	size      int       // of buf, at most
	busy      bool      // a Write is under way
	ended     bool      // no more is written
	abandoned bool      // no more is read
	reading   alarm
	writing   alarm
}

// An alarm is a deadline. Its timer broadcasts.
type alarm struct {
	at    time.Time
	timer *time.Timer // nil if there is no deadline, or it has passed
}

func newStream() *stream {
	s := &stream{size: streamSize}
	s.changed.L = &s.mu
	return s
}

func (s *stream) read(p []byte) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.abandoned:
			return 0, net.ErrClosed
		case s.reading.passed():
			return 0, os.ErrDeadlineExceeded
		case len(s.buf) > 0 || len(p) == 0:
			n = copy(p, s.buf)
			s.buf = append(s.buf[:0], s.buf[n:]...)
			s.changed.Broadcast()
			return n, nil
		case s.ended:
			return 0, io.EOF
		}
		s.changed.Wait()
	}
}

// write writes p in one piece, even if other goroutines write too.
func (s *stream) write(p []byte) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.busy && s.writeError() == nil {
		s.changed.Wait()
	}
	if err := s.writeError(); err != nil {
		return 0, err
	}
	s.busy = true
	defer func() {
		s.busy = false
		s.changed.Broadcast()
	}()
	for {
		if room := s.size - len(s.buf); room > 0 {
			k := min(room, len(p)-n)
			s.buf = append(s.buf, p[n:n+k]...)
			n += k
			s.changed.Broadcast()
		}
		if n == len(p) {
			return n, nil
		}
		s.changed.Wait()
		if err := s.writeError(); err != nil {
			return n, err
		}
	}
}

// writeError returns what keeps a Write from going on.
func (s *stream) writeError() error {
	switch {
	case s.ended:
		return net.ErrClosed
	case s.abandoned:
		return io.ErrClosedPipe
	case s.writing.passed():
		return os.ErrDeadlineExceeded
	}
	return nil
}

// end ends the stream behind what was written.
func (s *stream) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.writing.set(time.Time{}, nil)
	s.changed.Broadcast()
}

// abandon drops what was written and not read. It reports whether that is new.
func (s *stream) abandon() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !s.abandoned
	s.abandoned, s.buf = true, nil
	s.reading.set(time.Time{}, nil)
	s.changed.Broadcast()
	return first
}

func (s *stream) setSize(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size = max(n, 1)
	s.changed.Broadcast()
}

// setDeadline sets one of the stream's alarms.
func (s *stream) setDeadline(a *alarm, t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.abandoned && a == &s.reading || s.ended && a == &s.writing {
		return net.ErrClosed
	}
	a.set(t, s.wake)
	s.changed.Broadcast()
	return nil
}

func (s *stream) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changed.Broadcast()
}

// set makes t the deadline, at which ring is called. The zero t is no deadline.
func (a *alarm) set(t time.Time, ring func()) {
	if a.timer != nil {
		a.timer.Stop()
	}
	*a = alarm{}
	if !t.IsZero() {
		left := time.Until(t)
		a.at = time.Now().Add(left) // by the clock of timers, whatever that of t
		if left > 0 {
			a.timer = time.AfterFunc(left, ring)
		}
	}
}

func (a *alarm) passed() bool { return !a.at.IsZero() && !time.Now().Before(a.at) }
