package endpoint

import (
	"errors"

	"resty.websocket/frame"
)

// ErrBacklogFull is the error of an Offer for which there is no room in MaxBacklog.
var ErrBacklogFull = errors.New("endpoint: backlog full: the peer takes messages more slowly than they are offered")

// minOffered is the length of the frames, in bytes, from which on an offered message is
// written at once if nothing is pending. Smaller ones cost little more together than
// alone, and those that are offered to many connections one after the other find each
// other there only if none is written at once.
const minOffered = 512

// defaultMaxBacklog is what a MaxBacklog of zero means.
const defaultMaxBacklog = 1 << 20

// Offer sends m without waiting: it is written by a goroutine. It is described at
// server.Conn.
func (c *Conn) Offer(m *Prepared) error {
	s := &c.send
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.offer(m)
}

func (s *sender) offer(m *Prepared) error {
	s.mu.assertHeld()
	if err := s.over(); err != nil {
		return err
	}
	if err := s.mayBegin(m.op); errors.Is(err, frame.ErrSendFrame) {
		return s.offerLater(m)
	} else if err != nil {
		return err
	}
	b, shrunk := s.encodePrepared(m)
	if err := s.makeRoom(len(b)); err != nil {
		return err
	}
	atOnce := len(b) >= minOffered && s.pending.len() == 0
	s.addPrepared(b, shrunk)
	s.accepted = true
	switch {
	case s.busy || s.queued:
	case atOnce && !s.hold.holds():
		s.flushSoon()
	default:
		s.leaveSoon()
	}
	return nil
}

// makeRoom returns ErrBacklogFull unless n more bytes may wait. It first writes what the
// kernel takes at once: the goroutine that drains may not have come to it yet.
func (s *sender) makeRoom(n int) error {
	s.mu.assertHeld()
	if s.mayWait(n) {
		return nil
	}
	switch {
	case !s.busy:
		s.flushSoon()
	case !s.inWrite:
		s.flushNow()
	}
	if err := s.over(); err != nil {
		return err
	}
	if !s.mayWait(n) {
		return ErrBacklogFull
	}
	return nil
}

// mayWait reports whether n more bytes may wait. A message of any length may if nothing
// else does.
func (s *sender) mayWait(n int) bool {
	s.mu.assertHeld()
	return s.unsent == 0 || s.set.maxBacklog < 0 || s.unsent+n <= s.set.maxBacklog
}

// mayBegin returns nil if a message of type op may be sent now, ErrSendClosed after a
// Close frame, and ErrSendFrame inside a message in several frames.
func (s *sender) mayBegin(op frame.Opcode) error {
	s.mu.assertHeld()
	switch {
	case !s.encoder.Idle():
		_, err := s.encoder.NextHeader(frame.Header{Opcode: op})
		return err
	case s.exclusive:
		return frame.ErrSendFrame // though its first frame has not been sent
	}
	return nil
}

// offerLater keeps m until the fragmented message that is open has ended.
func (s *sender) offerLater(m *Prepared) error {
	s.mu.assertHeld()
	if err := s.makeRoom(len(m.payload)); err != nil {
		return err
	}
	s.unsent += len(m.payload)
	t := s.inTraffic()
	t.offered = append(t.offered, m)
	return nil
}

// addOffered makes what was offered inside a fragmented message pending, if that has
// ended: messages, and then a Close frame.
func (s *sender) addOffered() {
	s.mu.assertHeld()
	if s.traffic == nil || s.exclusive || !s.encoder.Idle() {
		return
	}
	for _, m := range s.traffic.takeOffered() {
		s.unsent -= len(m.payload)
		s.addPrepared(s.encodePrepared(m))
	}
	if g := s.traffic.goodbye; g != nil && !g.put {
		s.putGoodbye()
	}
}

// addPrepared makes the frames of a Prepared pending ones. The peer gets to see a
// message that our compressor does not, if they are compressed.
func (s *sender) addPrepared(b []byte, shrunk bool) {
	s.mu.assertHeld()
	if shrunk {
		s.deflation.compressor.Restart()
	}
	if o := s.observer.Load(); o != nil {
		o.Sent.prepared(b)
	}
	s.unsent += len(b)
	s.pending.share(b)
}

// SendPrepared sends m as the other sends do.
func (c *Conn) SendPrepared(m *Prepared) error {
	s := &c.send
	deadline := s.sendCallDeadline()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.set.noDelay || len(m.payload) >= minShared {
		return s.sendPreparedAlone(m, deadline)
	}
	if err := s.awaitRoom(maxHeaderLen+len(m.payload), true, deadline); err != nil {
		return err
	}
	if err := s.addToSend(m); err != nil {
		return err
	}
	if !s.leave() {
		return nil
	}
	defer s.endTurn()
	return s.write(deadline)
}

// sendPreparedAlone sends m in a turn of its own, and returns when it is written.
func (s *sender) sendPreparedAlone(m *Prepared, deadline instant) error {
	if err := s.turnFor(m.op, deadline); err != nil {
		return err
	}
	defer s.endTurn()
	if err := s.addToSend(m); err != nil {
		return err
	}
	return s.write(deadline)
}

// addToSend makes m pending, unless it may not be sent.
func (s *sender) addToSend(m *Prepared) error {
	if err := s.over(); err != nil {
		return err
	}
	if err := s.mayBegin(m.op); err != nil {
		return err
	}
	s.addPrepared(s.encodePrepared(m))
	return nil
}
