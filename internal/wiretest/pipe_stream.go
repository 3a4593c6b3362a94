package wiretest

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// A stream is one direction of a connection.
type stream struct {
	mu       sync.Mutex
	changed  *sync.Cond
	pending  []byte // written and not yet read
	room     int    // for pending; negative: any number
	finished bool   // nothing comes after pending
	reading  side
	writing  side
}

func newStream() *stream {
	s := &stream{room: -1}
	s.changed = sync.NewCond(&s.mu)
	s.reading.stream, s.writing.stream = s, s
	return s
}

func (s *stream) finish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finished = true
	s.changed.Broadcast()
}

func (s *stream) read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	step := s.reading.step(len(p))
	for {
		if err := s.reading.err(); err != nil {
			return 0, err
		}
		if step.N == 0 || len(s.pending) > 0 {
			n := copy(p[:step.N], s.pending)
			s.pending = s.pending[n:]
			s.changed.Broadcast()
			return n, step.Err
		}
		if s.finished {
			return 0, io.EOF
		}
		s.changed.Wait()
	}
}

func (s *stream) write(p []byte) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	step := s.writing.step(len(p))
	p = p[:step.N]
	for {
		if err := s.writing.err(); err != nil {
			return n, err
		}
		m := len(p)
		if s.room >= 0 {
			m = min(m, max(0, s.room-len(s.pending)))
		}
		s.pending = append(s.pending, p[:m]...)
		n, p = n+m, p[m:]
		s.changed.Broadcast()
		if len(p) == 0 {
			return n, step.Err
		}
		s.changed.Wait()
	}
}

// A side is one end of a stream, with what is laid down for it.
type side struct {
	stream   *stream
	steps    []Step
	calls    int
	ended    error // what calls return from now on
	deadline time.Time
	timer    *time.Timer // runs until the deadline
	expired  bool        // the deadline has passed
}

func (e *side) script(steps []Step) {
	e.stream.mu.Lock()
	defer e.stream.mu.Unlock()
	e.steps = steps
}

// step takes the step for a call with n bytes.
func (e *side) step(n int) Step {
	e.calls++
	if len(e.steps) == 0 {
		return Step{N: n}
	}
	step := e.steps[0]
	e.steps = e.steps[1:]
	step.N = min(step.N, n)
	return step
}

// err returns what keeps a call from going on.
func (e *side) err() error {
	if e.ended == nil && e.expired {
		return os.ErrDeadlineExceeded
	}
	return e.ended
}

// end makes calls return err from now on. The first err stays, but for
// net.ErrClosed, which comes after all others; end returns it if it is the
// second.
func (e *side) end(err error) error {
	e.stream.mu.Lock()
	defer e.stream.mu.Unlock()
	if e.ended == net.ErrClosed {
		return net.ErrClosed
	}
	if e.ended == nil || err == net.ErrClosed {
		e.ended = err
	}
	e.stopTimer()
	e.stream.changed.Broadcast()
	return nil
}

func (e *side) setDeadline(t time.Time) error {
	e.stream.mu.Lock()
	defer e.stream.mu.Unlock()
	if e.ended == net.ErrClosed {
		return net.ErrClosed
	}
	e.stopTimer()
	e.deadline = t
	wait := time.Until(t)
	e.expired = !t.IsZero() && wait <= 0
	if !t.IsZero() && wait > 0 {
		e.timer = time.AfterFunc(wait, func() { e.expire(t) })
	}
	e.stream.changed.Broadcast()
	return nil
}

func (e *side) stopTimer() {
	if e.timer != nil {
		e.timer.Stop()
		e.timer = nil
	}
}

// expire says that a deadline has passed, which may have been moved meanwhile.
func (e *side) expire(deadline time.Time) {
	e.stream.mu.Lock()
	defer e.stream.mu.Unlock()
	if e.deadline.Equal(deadline) {
		e.expired = true
		e.stream.changed.Broadcast()
	}
}
