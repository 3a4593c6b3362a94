package endpoint

import (
	"errors"

	"resty.websocket/frame"
)

// A message in several frames keeps others from being sent between them. A NextWriter's
// does so from its beginning to its Close, and a SendMessage's for as long as it has the
// turn. Control frames do not wait.

// excludes reports whether another message keeps a data frame from being sent now. If
// nothing can be sent any more, there is no reason to wait.
func (s *sender) excludes() bool {
	s.mu.assertHeld()
	return s.exclusive && s.over() == nil && !s.closed()
}

// closed reports whether a Close frame was sent.
func (s *sender) closed() bool {
	s.mu.assertHeld()
	return errors.Is(s.mayBegin(frame.Text), frame.ErrSendClosed)
}

// awaitMessage waits until no other message keeps a data frame from being sent. The error
// is os.ErrDeadlineExceeded if deadline passes before.
func (s *sender) awaitMessage(deadline instant) error {
	s.mu.assertHeld()
	for s.excludes() {
		if err := s.inTraffic().room.wait(&s.mu, deadline); err != nil {
			return err
		}
	}
	return nil
}

// turnFor is turn for a frame of type op, which may have to wait for the end of another
// message.
func (s *sender) turnFor(op frame.Opcode, deadline instant) error {
	s.mu.assertHeld()
	for {
		if !op.IsControl() {
			if err := s.awaitMessage(deadline); err != nil {
				return err
			}
		}
		if err := s.turn(deadline); err != nil {
			return err
		}
		if op.IsControl() || !s.excludes() {
			return nil
		}
		s.endTurn()
	}
}

// endMessage lets other messages be sent again.
func (s *sender) endMessage() {
	s.mu.assertHeld()
	s.exclusive = false
	s.traffic.madeRoom()
	s.addOffered()
}
