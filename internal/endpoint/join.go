package endpoint

import "time"

const (
	// maxPending is how many bytes of small frames are pending at most. Then a send
	// waits.
	maxPending = 64 << 10
	// burstTime is the time after a write in which the next send does not write, but
	// leaves its frame to a goroutine that writes all that gather meanwhile.
	burstTime = 50 * time.Microsecond
	// lastFlushTime is how long CloseNow waits for frames that were accepted, if they
	// cannot be written at once.
	lastFlushTime = 5 * time.Millisecond
)

// Frames that come close together leave together:
//
//   - While the receiver works on frames that had arrived together, what is sent is
//     held back; see hold.
//   - A frame that is sent while a write is under way, or within burstTime after one,
//     is left to the goroutine that drains.
//   - Any other frame is written by its send.
//
// Large frames and Close frames are written by their sends, behind all that is pending;
// so are all frames with NoDelay.

// leave decides how the pending frames leave, now that the last one has been added. If it
// returns true, the caller has the turn and must write them.
func (s *sender) leave() bool {
	s.mu.assertHeld()
	switch {
	case s.busy || s.queued:
		s.accepted = true
	case s.hold.holds():
		s.timeHold()
	case s.hold.answers() || now() > s.written+instant(burstTime):
		s.busy = true
		return true
	default:
		s.startDrain()
	}
	return false
}

// timeHold sees to it that the frames that are held back leave in maxHoldTime.
func (s *sender) timeHold() {
	s.mu.assertHeld()
	s.accepted = true
	t := s.inTraffic()
	switch {
	case t.timed:
		return
	case t.timer == nil:
		t.timer = time.AfterFunc(maxHoldTime, s.heldTooLong)
	default:
		t.timer.Reset(maxHoldTime)
	}
	t.timed = true
}

// heldTooLong has what is held back leave, and what is sent before the receiver goes on.
func (s *sender) heldTooLong() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.traffic.timed = false
	s.hold.letGo()
	s.flushSoon()
}

// endHold stops the timer: what was held back is being written.
func (s *sender) endHold() {
	s.mu.assertHeld()
	if t := s.traffic; t != nil && t.timed {
		t.timed = false
		t.timer.Stop()
	}
}

// awaitRoom waits until a frame of size bytes may become pending. If it returns an
// error, that is os.ErrDeadlineExceeded or of a write, and nothing of the frame is sent.
func (s *sender) awaitRoom(size int, data bool, deadline instant) error {
	s.mu.assertHeld()
	for {
		excluded := data && s.excludes()
		switch {
		case !excluded && !s.crowded(size):
			return nil
		case !excluded && !s.busy:
			if err := s.writeForRoom(deadline); err != nil {
				return err
			}
		default:
			if err := s.inTraffic().room.wait(&s.mu, deadline); err != nil {
				return err
			}
		}
	}
}

// crowded reports whether a frame of size bytes has no room among the pending ones.
func (s *sender) crowded(size int) bool {
	s.mu.assertHeld()
	return s.pending.len() > 0 && s.pending.len()+size > maxPending
}

// writeForRoom writes the pending frames, which are held back.
func (s *sender) writeForRoom(deadline instant) error {
	s.mu.assertHeld()
	s.busy = true
	defer s.endTurn()
	return s.write(deadline)
}
