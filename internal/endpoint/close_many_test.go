package endpoint

import (
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// TestManySilentPeers closes more connections than may wait for silent peers. The ones
// beyond that are closed at once, and their peers are told all the same. Then there is
// room again.
func TestManySilentPeers(t *testing.T) {
	defer func(before int32) { maxClosing = before }(maxClosing)
	maxClosing = 2
	synctest.Test(t, func(t *testing.T) {
		for range 2 {
			start := time.Now()
			closed := make(chan time.Duration, 4)
			for range cap(closed) {
				c, p := newPair(t, Config{})
				go func() {
					if err := c.Close(frame.StatusGoingAway); !errors.Is(err, os.ErrDeadlineExceeded) {
						t.Errorf("Close: %v", err)
					}
					closed <- time.Since(start)
				}()
				p.wantClose(frame.StatusGoingAway)
			}
			for i, want := range []time.Duration{lastFlushTime, lastFlushTime, closeTimeout, closeTimeout} {
				if took := <-closed; took != want {
					t.Errorf("Close number %d takes %v, want %v", i, took, want)
				}
			}
		}
	})
}

// TestManyPolitePeers closes a connection whose peer answers while there is no room to
// wait for a silent one.
func TestManyPolitePeers(t *testing.T) {
	defer func(before int32) { maxClosing = before }(maxClosing)
	maxClosing = 0
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		go func() {
			p.wantClose(frame.StatusNormalClosure)
			p.sendClose(frame.StatusNormalClosure, "")
		}()
		if err := c.Close(frame.StatusNormalClosure); err != nil {
			t.Errorf("Close: %v", err)
		}
		c, p = newPair(t, Config{})
		p.sendClose(frame.StatusGoingAway, "")
		if _, _, err := c.RecvFrame(); frame.CloseCode(err) != frame.StatusGoingAway {
			t.Errorf("RecvFrame: %v", err)
		}
		if err := c.Close(frame.StatusNormalClosure); err != nil {
			t.Errorf("Close after the peer's Close frame: %v", err)
		}
	})
}
