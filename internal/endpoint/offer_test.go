package endpoint

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"resty.websocket/frame"
)

// TestBacklogFull offers messages to a peer that does not read, until one is refused.
// Nothing of that is sent, and the connection goes on.
func TestBacklogFull(t *testing.T) {
	for _, test := range []struct {
		name       string
		max        int
		fragmented bool
		want       int // messages that are accepted
	}{
		{"between_messages", 1050, false, 10},
		{"exact", 1020, false, 10},
		{"inside_a_message", 1000, true, 10},
		{"tiny", 1, false, 1}, // since nothing waits
		{"default", 0, false, defaultMaxBacklog / 102},
	} {
		for _, role := range []frame.Role{frame.Server, frame.Client} {
			t.Run(test.name+"/"+role.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					header := 0
					if role == frame.Client && !test.fragmented {
						header = 4 // of the key, for each message
					}
					c, p := newPair(t, Config{Role: role, MaxBacklog: test.max})
					if test.fragmented {
						c.SendFrame(false, frame.Text, nil)
					}
					p.own.SetWriteBuffer(1)
					accepted, full := 0, prepare(t, frame.Text, strings.Repeat("x", 100))
					for err := error(nil); err == nil; accepted++ {
						err = c.Offer(full)
						if err != nil && err != ErrBacklogFull {
							t.Fatal(err)
						}
					}
					accepted--
					if want := max(1, test.want*102/(102+header)); accepted != want {
						t.Errorf("%d messages were accepted, want %d", accepted, want)
					}
					if err := c.Offer(full); err != ErrBacklogFull {
						t.Errorf("Offer: %v, want %v", err, ErrBacklogFull)
					}
					p.own.SetWriteBuffer(-1)
					if test.fragmented {
						go c.SendFrame(true, frame.Continuation, nil)
						p.want(false, frame.Text, "")
						p.want(true, frame.Continuation, "")
					}
					for range accepted {
						p.want(true, frame.Text, strings.Repeat("x", 100))
					}
					wantAllSent(t, c)
					if err := c.SendString("more"); err != nil {
						t.Error(err)
					}
					p.want(true, frame.Text, "more")
				})
			})
		}
	}
}

// TestBacklogUnlimited has a negative MaxBacklog.
func TestBacklogUnlimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{MaxBacklog: -1})
		p.own.SetWriteBuffer(1)
		for range 100 {
			offer(t, c, large("x"))
		}
		p.own.SetWriteBuffer(-1)
		for range 100 {
			p.want(true, frame.Text, large("x"))
		}
	})
}

// TestBacklogFullWhileHeldBack has a message refused while frames are held back. They
// leave nevertheless.
func TestBacklogFullWhileHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{MaxBacklog: 100})
		holdBack(t, c, p)
		if err := c.SendString("held back"); err != nil {
			t.Fatal(err)
		}
		if err := c.Offer(prepare(t, frame.Text, strings.Repeat("x", 100))); err != ErrBacklogFull {
			t.Errorf("Offer: %v, want %v", err, ErrBacklogFull)
		}
		p.want(true, frame.Text, "held back")
		wantAllSent(t, c)
	})
}

// TestBacklogIsShared has a backlog, which refers to the messages beyond 64 KiB.
func TestBacklogIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		p.own.SetWriteBuffer(1)
		messages := []*Prepared{prepare(t, frame.Text, strings.Repeat("s", 1000)), prepare(t, frame.Text, large("l"))}
		c.Offer(messages[0])
		synctest.Wait() // it is being written
		for i := range 50 {
			if err := c.Offer(messages[i/10%2]); err != nil {
				t.Fatal(err)
			}
		}
		frames := map[*byte]bool{}
		copied := c.send.pending.len()
		for _, b := range c.send.pending.shared.all[c.send.pending.shared.next:] {
			frames[&b[0]] = true
			copied -= len(b)
		}
		if len(frames) != 2 || copied > maxPending {
			t.Errorf("the backlog refers to %d messages, want 2, and has %d bytes copied", len(frames), copied)
		}
	})
}

// TestBacklogTakesWhatTheKernelTakes offers more than MaxBacklog to a peer that reads,
// before the goroutine that drains has run.
func TestBacklogTakesWhatTheKernelTakes(t *testing.T) {
	c, p := newTCPPair(t, Config{MaxBacklog: 1000})
	if c.raw == nil {
		t.Skip("whether a write would wait is not known here")
	}
	takeTurn(c)
	const n = 30
	for i := range n {
		offer(t, c, fmt.Sprintf("%0500d", i))
	}
	endTurn(c)
	for i := range n {
		p.want(true, frame.Text, fmt.Sprintf("%0500d", i))
	}
}
