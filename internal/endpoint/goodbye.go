package endpoint

import (
	"errors"
	"time"

	"resty.websocket/frame"
)

// patience is for how long a Close frame that was offered waits for the end of a message
// in several frames. Then it goes in between them.
const patience = closeTimeout / 2

// A goodbye is a Close frame that was offered.
type goodbye struct {
	code   frame.StatusCode
	reason string
	put    bool        // it is sent, or pending
	timer  *time.Timer // ends the connection, or the patience
}

// OfferClose has a Close frame sent behind all that was accepted, and ends the connection
// if the peer has not answered it in 5 seconds. OfferClose does not wait, neither for the
// peer nor for a message that is being sent. MaxBacklog does not matter to it. The error
// is nil if nothing else has ended the connection, and no Close frame was sent or offered
// before.
func (c *Conn) OfferClose(code frame.StatusCode, reason string) error {
	s := &c.send
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.offerClose(code, reason); err != nil {
		return err
	}
	c.limitSend(after(closeTimeout))
	g := s.traffic.goodbye
	if g.put {
		g.timer = time.AfterFunc(closeTimeout, c.endGoodbye)
	} else {
		g.timer = time.AfterFunc(patience, c.endGoodbye)
	}
	return nil
}

func (s *sender) offerClose(code frame.StatusCode, reason string) error {
	s.mu.assertHeld()
	if err := s.over(); err != nil {
		return err
	}
	t := s.inTraffic()
	err := s.mayBegin(frame.Text)
	inside := errors.Is(err, frame.ErrSendFrame)
	switch {
	case t.goodbye != nil:
		return frame.ErrSendClosed
	case err != nil && !inside:
		return err
	}
	t.goodbye = &goodbye{code: code, reason: reason}
	if inside {
		return nil // addOffered puts it
	}
	s.putGoodbye()
	if !s.busy && !s.queued {
		s.leaveSoon()
	}
	return nil
}

// putGoodbye makes the Close frame a pending one. If another was sent meanwhile, that is
// the one.
func (s *sender) putGoodbye() {
	s.mu.assertHeld()
	g := s.traffic.goodbye
	g.put = true
	b, err := s.encoder.AppendFrame(nil, true, frame.Close, frame.AppendClose(nil, g.code, g.reason))
	if err != nil {
		return
	}
	s.count(true, frame.Close, len(b))
	s.unsent += len(b)
	s.pending.share(b) // behind a backlog, which need not be copied for that
	s.accepted = true
	s.traffic.madeRoom() // for calls that find out that nothing can be sent any more
}

// endGoodbye is called by the timer.
func (c *Conn) endGoodbye() {
	if waited := c.send.lastGoodbye(); waited {
		c.CloseNow()
	}
}

// lastGoodbye puts the Close frame inside the message that has not ended, if it still
// waits for that. Otherwise it reports that the peer has had its time.
func (s *sender) lastGoodbye() (waited bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.traffic.goodbye
	if g.put || s.over() != nil {
		return true
	}
	s.putGoodbye()
	if !s.busy && !s.queued {
		s.leaveSoon()
	}
	g.timer.Reset(closeTimeout - patience)
	return false
}

// dropGoodbye stops the timer, at the end of the connection.
func (s *sender) dropGoodbye() {
	s.mu.assertHeld()
	if t := s.traffic; t != nil && t.goodbye != nil && t.goodbye.timer != nil {
		t.goodbye.timer.Stop()
	}
}
