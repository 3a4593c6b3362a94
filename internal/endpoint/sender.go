package endpoint

import (
	"os"

	"resty.websocket/frame"
)

// A sender is the sending direction of a connection. Its methods are called with mu
// held.
//
// The mutex is held for as long as it takes to build a frame, and is released while
// the net.Conn writes. One goroutine writes at a time: the one that has the turn. A
// call that needs the turn waits for it; other calls leave their frames pending. See
// join.go for which call does which.
type sender struct {
	*link
	mu        lock
	encoder   frame.Encoder
	deflation *deflation // nil: no compression
	hold      hold
	socket    bool // the net.Conn is one itself

	busy      bool // a goroutine has the turn
	inWrite   bool // it has released the lock
	exclusive bool // it sends a message in several frames
	accepted  bool // frames of calls that have returned are not written
	queued    bool // the flusher has the connection

	pending pending
	unsent  int      // bytes accepted and not written: pending, or being written
	written instant  // when the last write ended
	traffic *traffic // nil until it is needed
}

// limit returns the limit of one frame's payload, in bytes; negative means none.
func (s *sender) limit() int {
	s.mu.assertHeld()
	return int(s.encoder.MaxPayloadLen)
}

// turn waits until it is the caller's turn to write, or returns os.ErrDeadlineExceeded
// if deadline passes before. Nothing is sent then.
func (s *sender) turn(deadline instant) error {
	s.mu.assertHeld()
	if !s.busy {
		s.busy = true
		return nil
	}
	if err := s.inTraffic().turns.wait(&s.mu, deadline); err != nil {
		return err
	}
	if passed(deadline) { // a write would end sending
		s.endTurn()
		return os.ErrDeadlineExceeded
	}
	return nil
}

// endTurn ends the caller's turn. The calls that wait get theirs in the order in
// which they came. Without any, the frames that have come to be pending meanwhile are
// left to a goroutine, or to the timer if they are held back.
func (s *sender) endTurn() {
	s.recoverTurn()
	s.mu.assertHeld()
	s.accepted = s.accepted && s.pending.len() > 0
	if s.traffic.grant() {
		return // the turn is that call's
	}
	s.busy = false
	s.payPong()
	if s.pending.len() > 0 {
		s.leaveSoon()
	}
}

// leaveSoon has the pending frames leave without a turn of the caller's: by the timer
// if they are held back and no call waits for room, and by a goroutine otherwise.
func (s *sender) leaveSoon() {
	s.mu.assertHeld()
	if s.hold.holds() && s.pending.len() < maxPending && !s.traffic.wantsRoom() {
		s.timeHold()
	} else {
		s.startDrain()
	}
}

// startDrain has the pending frames written by another goroutine: that of the flusher,
// or one of the connection's own, whose turn it is then.
func (s *sender) startDrain() {
	s.mu.assertHeld()
	s.accepted = true
	if s.triesWrites() {
		if !s.queued {
			s.queued = true
			sockets.add(s)
		}
		return
	}
	s.busy = true
	t := s.inTraffic()
	if t.drainer == nil {
		t.drainer = s.drain
	}
	go t.drainer()
}

// drain writes the pending frames until there are no more, or another call waits for
// the turn.
func (s *sender) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.endTurn()
	for s.write(unknown) == nil && s.pending.len() > 0 && !s.traffic.wantsTurn() {
	}
}

// drop gives up what the direction holds, at the end of the connection.
func (s *sender) drop() {
	s.mu.assertHeld()
	s.dropPending()
	s.dropGoodbye()
	s.deflation.close()
}

// dropPending gives up the frames that are not written.
func (s *sender) dropPending() {
	s.mu.assertHeld()
	s.unsent -= s.pending.len() // what is being written is subtracted by its writer
	s.pending.drop()
	for _, m := range s.traffic.takeOffered() {
		s.unsent -= len(m.payload)
	}
	s.traffic.takeOwed()
	s.endHold()
	s.traffic.madeRoom()
}
