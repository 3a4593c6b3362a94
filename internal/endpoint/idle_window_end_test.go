package endpoint

import (
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// TestClosePacked closes a connection while its window is packed, or is about to
// be: that takes as long as without.
func TestClosePacked(t *testing.T) {
	for _, test := range []struct {
		name  string
		idle  time.Duration
		peer  func(p *peer) // does, when the Close frame has arrived
		takes time.Duration
	}{
		{"packed/answered", time.Minute, (*peer).answerAndClose, 0},
		{"packed/no_answer", time.Minute, func(*peer) {}, closeTimeout},
		{"packed/tcp_left_open", time.Minute, (*peer).answerClose, closeTimeout},
		{"due_meanwhile/no_answer", 3 * time.Second, func(*peer) {}, closeTimeout},
		{"due_meanwhile/tcp_left_open", 3 * time.Second, (*peer).answerClose, closeTimeout},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Deflate: takeover, Role: frame.Client})
				text := mixed(10_000)
				newTalker(p).say(text)
				wantFrame(t, c, text, frame.Text, nil)
				c.SetTimeout(test.idle)
				wantTimeout(t, c, test.idle)
				wantPacked(t, c, len(text), test.idle > idleTime)
				c.SetTimeout(0)
				go func() {
					p.wantClose(frame.StatusNormalClosure)
					test.peer(p)
				}()
				began := time.Now()
				c.Close(frame.StatusNormalClosure)
				if took := time.Since(began); took != test.takes {
					t.Errorf("Close took %v, want %v", took, test.takes)
				}
				if held(c) > 0 {
					t.Errorf("after Close the window takes %d bytes", held(c))
				}
			})
		})
	}
}

// TestCloseNowPacked wakes a receiver that waits with its window packed.
func TestCloseNowPacked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Deflate: takeover})
		messages := receiveAll(c)
		newTalker(p).say(mixed(10_000))
		<-messages
		<-time.After(time.Minute)
		wantPacked(t, c, 10_000, true)
		c.CloseNow()
		if _, open := <-messages; open || held(c) > 0 {
			t.Errorf("after CloseNow: receiving %v, with a window of %d bytes", open, held(c))
		}
	})
}

func (p *peer) answerClose() { p.sendClose(frame.StatusNormalClosure, "") }
func (p *peer) answerAndClose() {
	p.answerClose()
	p.Close()
}

// TestPackingEnds has a wheel come to a window that is given up just before.
func TestPackingEnds(t *testing.T) {
	c, p := newPair(t, Config{Deflate: takeover})
	k, text := newTalker(p), mixed(10_000)
	k.say(text)
	wantFrame(t, c, text, frame.Text, nil)
	w := c.recv.inflation.watch
	c.CloseNow()
	wheels.mu.Lock()
	defer wheels.mu.Unlock()
	if held(c) > 0 || w.state != away || w.visit(0) != 0 || c.recv.inflation.watch != nil {
		t.Errorf("%d bytes are held, watched: %v", held(c), w.state)
	}
}
