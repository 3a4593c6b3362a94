package endpoint

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// crowd sends messages of 1000 bytes behind a write that waits for the peer, until there
// is no room for a further one. It returns how many.
func crowd(t *testing.T, c *Conn, p *peer) (sent int) {
	t.Helper()
	p.own.SetWriteBuffer(1)
	background(func() error { return c.SendString(crowdText) })
	for sent = 1; !isCrowded(c, len(crowdText)); sent++ {
		if err := c.SendString(crowdText); err != nil {
			t.Fatal(err)
		}
	}
	return sent
}

// isCrowded reports whether a frame with a payload of n bytes has no room.
func isCrowded(c *Conn, n int) bool {
	c.send.mu.Lock()
	defer c.send.mu.Unlock()
	return c.send.crowded(maxHeaderLen + n)
}

var crowdText = strings.Repeat("x", 1000)

// TestRoomTimeout has all kinds of sends wait for room or for their turn, behind a write
// that may take longer than they may. Nothing of their frames is sent when Timeout has
// passed, and sending goes on.
func TestRoomTimeout(t *testing.T) {
	for name, send := range map[string]func(c *Conn) error{
		"SendString":   func(c *Conn) error { return c.SendString(crowdText) },
		"Ping":         func(c *Conn) error { return c.SendFrame(true, frame.Ping, []byte(crowdText[:100])) },
		"begin":        func(c *Conn) error { return c.SendFrame(false, frame.Text, []byte(crowdText)) },
		"SendPrepared": func(c *Conn) error { m, _ := Prepare(frame.Text, []byte(crowdText)); return c.SendPrepared(m) },
		"SendMessage":  func(c *Conn) error { return c.SendMessage(frame.Text, []byte(strings.Repeat("x", 100000))) },
		"vector":       func(c *Conn) error { return c.SendString(large("x")) },
		"SendClose":    func(c *Conn) error { return c.SendClose(1000, "") },
		"Flush":        (*Conn).Flush,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Timeout: time.Hour})
				accepted := crowd(t, c, p)
				for c.SetTimeout(time.Second); !isCrowded(c, 100); accepted++ { // the Ping's
					c.send.mu.Lock()
					c.send.add(true, frame.Text, []byte(crowdText))
					c.send.mu.Unlock()
				}
				start := time.Now()
				late := background(func() error { return send(c) })
				if err := <-late; err != os.ErrDeadlineExceeded || time.Since(start) != time.Second {
					t.Errorf("%v after %v", err, time.Since(start))
				}
				p.own.SetWriteBuffer(-1)
				for range accepted {
					p.want(true, frame.Text, crowdText)
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

// TestRoomInTime has sends wait for room, which comes before Timeout has passed.
func TestRoomInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		sent := crowd(t, c, p)
		var waiting []<-chan error
		for range 10 {
			waiting = append(waiting, background(func() error { return c.SendString(crowdText) }))
		}
		select {
		case err := <-waiting[0]:
			t.Errorf("the send has not waited: %v", err)
		default:
		}
		for range sent + len(waiting) {
			p.want(true, frame.Text, crowdText)
		}
		for _, done := range waiting {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		wantAllSent(t, c)
	})
}

// TestRoomAtTheEnd has the connection closed while sends wait for room, or for their
// turn. All of them return.
func TestRoomAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		crowd(t, c, p)
		var waiting []<-chan error
		for range 3 {
			for _, text := range []string{crowdText, large("x")} {
				waiting = append(waiting, background(func() error { return c.SendString(text) }))
			}
		}
		c.CloseNow()
		for _, done := range waiting {
			if err := <-done; err == nil {
				t.Error("a send has succeeded")
			}
		}
		wantAllSent(t, c)
	})
}

// TestNoDelay sends in all ways with NoDelay: each send is one write, behind the earlier
// ones, and returns when the peer has taken it.
func TestNoDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{NoDelay: true, Deflate: noTakeover})
		holdBack(t, c, p)
		m := prepare(t, frame.Text, "m")
		for i, send := range []func() error{
			func() error { return c.SendString("m") },
			func() error { return c.SendFrame(true, frame.Text, []byte("m")) },
			func() error { return c.SendPlain(frame.Text, []byte("m")) },
			func() error { return c.SendMessage(frame.Text, []byte("m")) },
			func() error { return c.SendPrepared(m) },
			func() error { return c.Offer(m) },
		} {
			if err := send(); err != nil {
				t.Error(err)
			}
			if i == 5 { // Offer waits for nothing
				synctest.Wait()
			}
			p.wantWrites(i + 1)
			p.want(true, frame.Text, "m")
		}
		p.own.SetWriteBuffer(1)
		done := background(func() error { return c.SendString("m") })
		select {
		case <-done:
			t.Error("the send has returned before its frame was written")
		default:
		}
		p.want(true, frame.Text, "m")
		if err := <-done; err != nil {
			t.Error(err)
		}
		wantAllSent(t, c)
	})
}

// TestSendMessageIsExclusive sends a message in several frames, and others meanwhile.
// Control frames go in between, and messages behind it.
func TestSendMessageIsExclusive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{MaxSendLen: 100})
		p.own.SetWriteBuffer(1)
		long := strings.Repeat("x", 250)
		message := background(func() error { return c.SendMessage(frame.Text, []byte(long)) })
		offer(t, c, "offered")
		text := background(func() error { return c.SendString("sent") })
		prepared := background(func() error { return c.SendPrepared(prepare(t, frame.Text, "prepared")) })
		if err := c.SendFrame(true, frame.Ping, []byte("ping")); err != nil {
			t.Error(err)
		}
		p.want(false, frame.Text, long[:100])
		p.want(true, frame.Ping, "ping")
		p.want(false, frame.Continuation, long[:100])
		p.want(true, frame.Continuation, long[:50])
		p.want(true, frame.Text, "offered")
		rest := map[string]bool{}
		for range 2 {
			f, err := p.recv()
			if rest[string(f.Payload)] = true; err != nil {
				t.Fatal(err)
			}
		}
		if !rest["sent"] || !rest["prepared"] {
			t.Errorf("the peer receives %v", rest)
		}
		for _, done := range []<-chan error{message, text, prepared} {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		wantAllSent(t, c)
	})
}

// TestSendBehindSendMessage sends a message behind one in several frames.
func TestSendBehindSendMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{MaxSendLen: 3})
		p.own.SetWriteBuffer(1)
		message := background(func() error { return c.SendMessage(frame.Text, []byte("abcd")) })
		text := background(func() error { return c.SendString("x") })
		p.want(false, frame.Text, "abc")
		p.want(true, frame.Continuation, "d")
		p.want(true, frame.Text, "x")
		for _, done := range []<-chan error{message, text} {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		wantAllSent(t, c)
	})
}

// TestBurstsJoin has a goroutine send many frames in a loop. They leave
// in few writes, in order.
func TestBurstsJoin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		const n = 1000
		for i := range n {
			if err := c.SendFrame(true, frame.Binary, []byte{byte(i), byte(i >> 8)}); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if writes := p.own.Writes(); writes > n/2 {
			t.Errorf("%d frames took %d writes", n, writes)
		}
		for i := range n {
			if f, err := p.recv(); err != nil || !bytes.Equal(f.Payload, []byte{byte(i), byte(i >> 8)}) {
				t.Fatalf("frame %d: %v, %v", i, f.Payload, err)
			}
		}
		<-time.After(2 * burstTime)
		before := p.own.Writes()
		c.SendString("alone") // written by the call itself
		p.wantWrites(before + 1)
		wantAllSent(t, c)
	})
}
