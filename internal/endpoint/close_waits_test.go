package endpoint

import (
	"errors"
	"net"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"resty.websocket/frame"
)

// TestCloseWhileOthersWait has calls wait for a peer that is gone without a word. Close
// by itself wakes them. It takes 5 seconds of real time, since a goroutine that waits
// for a lock stops the clock of a synctest bubble. All of them run at once.
func TestCloseWhileOthersWait(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for _, test := range []struct {
		name  string
		pair  func(t *testing.T, cfg Config) (*Conn, *peer)
		sends bool // a sender waits, and not the receiver alone
	}{
		{"RecvFrame", newPair, false},
		{"RecvFrame_and_SendFrame", newPair, true},
		{"RecvFrame_without_deadlines", newPairWithoutDeadlines, false},
		{"RecvFrame_and_SendFrame_without_deadlines", newPairWithoutDeadlines, true},
	} {
		c, p := test.pair(t, Config{})
		all.Go(func() { closeWhileOthersWait(t, test.name, c, p, test.sends) })
	}
	all.Wait()
}

func closeWhileOthersWait(t *testing.T, name string, c *Conn, p *peer, sends bool) {
	var others sync.WaitGroup
	if sends {
		p.stopReading()
		others.Go(func() {
			if err := c.SendString("x"); !isTimeoutOrClosed(err) && err != c.Fatal() {
				t.Errorf("%s: SendString: %v, Fatal: %v", name, err, c.Fatal())
			}
		})
	}
	others.Go(func() {
		if _, _, err := c.RecvFrame(); err == nil || err != c.Fatal() || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: RecvFrame: %v, Fatal: %v", name, err, c.Fatal())
		}
	})
	for p.own.Reads() == 0 || sends && p.own.Writes() == 0 {
		runtime.Gosched()
	}
	start := time.Now()
	if err := c.Close(frame.StatusNormalClosure); !isTimeoutOrClosed(err) {
		t.Errorf("%s: Close: %v, want a timeout or %v", name, err, net.ErrClosed)
	}
	// To wait for one after the other would take twice as long.
	if took := time.Since(start); took < closeTimeout || took >= 2*closeTimeout {
		t.Errorf("%s: Close took %v, want %v", name, took, closeTimeout)
	}
	others.Wait()
	p.wantEndOfAll(c)
}

// isTimeoutOrClosed reports whether err is one of those of a call that waits when the
// time of Close is over. The wait ends at the same moment as the connection does.
func isTimeoutOrClosed(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, net.ErrClosed)
}
