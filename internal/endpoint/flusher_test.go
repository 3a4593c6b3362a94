package endpoint

import (
	"runtime"
	"testing"

	"resty.websocket/frame"
)

// TestFlusherMakesRoom has a call wait for room when the flusher writes what was in its
// way.
func TestFlusherMakesRoom(t *testing.T) {
	c, p := newTCPPair(t, Config{})
	if c.raw == nil {
		t.Skip("sockets are written as every net.Conn here")
	}
	takeTurn(c)
	offer(t, c, large("x"), large("y"))
	sent := make(chan error)
	go func() { sent <- c.SendString("z") }()
	s := &c.send
	waits := func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.traffic.wantsRoom()
	}
	for !waits() {
		runtime.Gosched()
	}
	s.mu.Lock()
	s.busy = false // no call has the turn: endTurn would have the frames written
	s.mu.Unlock()
	s.flushQueued()
	s.flushQueued()
	for _, payload := range []string{large("x"), large("y"), "z"} {
		p.want(true, frame.Text, payload)
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
	if err := c.Flush(); err != nil {
		t.Error(err)
	}
	if s.unsent != 0 {
		t.Errorf("%d bytes are unsent", s.unsent)
	}
}
