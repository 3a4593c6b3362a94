package endpoint

import (
	"os"
	"sync"
	"time"

	"resty.websocket/frame"
)

// A sender is the sending direction of a connection. Its methods are called with mu
// held.
//
// The mutex is held for as long as it takes to build a frame, and is released while
// the net.Conn has it. Frames keep their order by turns: a call that sends waits for
// its turn, and has it until its frame is written.
type sender struct {
	*link
	mu        lock
	encoder   frame.Encoder
	pending   pending
	cork      cork
	deflation *deflation    // nil: no compression
	limit     int           // of one frame's payload, in bytes; negative: none
	busy      bool          // a call has its turn
	turns     *sync.Cond    // for a turn; nil until a call has to wait
	waiting   int           // calls that wait for their turn
	granted   bool          // the turn is that of one of them
	owed      []byte        // the payload of the last Ping whose Pong did not fit
	writer    *socketWriter // for flushNow; nil until it is used
}

// beginSend begins a call that sends: it takes the lock and waits for the call's turn.
// If it returns an error, os.ErrDeadlineExceeded, nothing is sent, and endSend is not
// to be called.
func (c *Conn) beginSend(deadline instant) error {
	c.send.mu.Lock()
	err := c.send.turn(deadline)
	if err != nil {
		c.send.mu.Unlock()
	}
	return err
}

// endSend ends what beginSend has begun.
func (c *Conn) endSend() {
	c.send.endTurn()
	c.send.mu.Unlock()
}

// turn waits until it is the caller's turn to send, or returns os.ErrDeadlineExceeded
// if deadline passes before. Nothing is sent then.
func (s *sender) turn(deadline instant) error {
	s.mu.assertHeld()
	if !s.busy {
		s.busy = true
		return nil
	}
	return s.awaitTurn(deadline)
}

func (s *sender) awaitTurn(deadline instant) error {
	if s.turns == nil {
		s.turns = sync.NewCond(&s.mu)
	}
	if deadline != never {
		late := time.AfterFunc(until(deadline), func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.turns.Broadcast()
		})
		defer late.Stop()
	}
	s.waiting++
	defer func() { s.waiting-- }()
	for !s.granted {
		if passed(deadline) {
			return os.ErrDeadlineExceeded
		}
		s.turns.Wait()
	}
	s.granted = false
	return nil
}

// endTurn ends the caller's turn. The calls that wait get theirs in the order in
// which they came. A Pong that has come to be pending during a write of the turn's
// leaves with the next frame.
func (s *sender) endTurn() {
	s.mu.assertHeld()
	if s.waiting > 0 {
		s.granted = true
		s.turns.Signal()
		return
	}
	s.busy = false
	s.payPong()
	if s.pending.len() > 0 && !s.cork.holds() {
		s.flushSoon()
	}
}

// drop gives up what the direction holds, at the end of the connection.
func (s *sender) drop() {
	s.mu.assertHeld()
	s.pending.drop()
	s.owed = nil
	s.deflation.close()
}
