package endpoint

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// holdBack has the endpoint work on the first of two frames that came together: what
// it sends is held back.
func holdBack(t *testing.T, c *Conn, p *peer) {
	t.Helper()
	p.sendTogether("first", "second")
	wantFrame(t, c, "first", frame.Text, nil)
}

// takeTurn takes the turn to write, and endTurn ends it. Frames that are sent between
// the two are accepted.
func takeTurn(c *Conn) {
	c.send.mu.Lock()
	defer c.send.mu.Unlock()
	c.send.turn(never)
}

func endTurn(c *Conn) {
	c.send.mu.Lock()
	defer c.send.mu.Unlock()
	c.send.endTurn()
}

// TestHeldBackBehindAWrite sends a frame while a write is under way and the receiver
// works on the first of two messages, for a long time. The frame leaves soon after.
func TestHeldBackBehindAWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		holdBack(t, c, p)
		p.own.SetWriteBuffer(1)
		written := background(func() error { return c.SendString(large("x")) })
		if err := c.SendString("behind"); err != nil {
			t.Fatal(err)
		}
		p.want(true, frame.Text, large("x"))
		if err := <-written; err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		p.want(true, frame.Text, "behind")
		if took := time.Since(start); took > maxHoldTime {
			t.Errorf("the frame was held back for %v", took)
		}
		wantAllSent(t, c)
	})
}

// TestRoomWhileHeldBack has a call wait for room while the turn ends without a write,
// and the receiver works on the first of two messages. The call need not wait for the
// timer.
func TestRoomWhileHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		holdBack(t, c, p)
		takeTurn(c)
		long := strings.Repeat("x", 30000)
		for range 2 {
			if err := c.SendString(long); err != nil {
				t.Fatal(err)
			}
		}
		start := time.Now()
		sent := background(func() error { return c.SendString(long) })
		endTurn(c)
		if err := <-sent; err != nil || time.Since(start) > 0 {
			t.Errorf("SendString took %v, %v", time.Since(start), err)
		}
		for range 3 {
			p.want(true, frame.Text, long)
		}
		wantAllSent(t, c)
	})
}

// TestOfferWhileHeldBack offers more than 64 KiB while the receiver works on the first
// of two messages. They are not held back.
func TestOfferWhileHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		holdBack(t, c, p)
		start := time.Now()
		offer(t, c, "short")
		synctest.Wait()
		p.wantWrites(0)
		offer(t, c, large("x"), large("y"))
		synctest.Wait()
		for _, payload := range []string{"short", large("x"), large("y")} {
			p.want(true, frame.Text, payload)
		}
		if took := time.Since(start); took > 0 {
			t.Errorf("the messages were held back for %v", took)
		}
	})
}

// TestTurnIsNotTaken has the turn granted to a call that waits for it. Another call does
// not get it first.
func TestTurnIsNotTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{NoDelay: true})
		takeTurn(c)
		sent := background(func() error { return c.SendString("waits") })
		s := &c.send
		s.mu.Lock()
		s.endTurn()
		if err := s.turn(past); err != os.ErrDeadlineExceeded {
			t.Errorf("turn: %v", err)
		}
		s.mu.Unlock()
		if err := <-sent; err != nil {
			t.Error(err)
		}
		p.want(true, frame.Text, "waits")
	})
}

// TestTurnsInOrder has calls wait for the turn. They get theirs in the order in which
// they came, without those whose time is over.
func TestTurnsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		takeTurn(c)
		var sent []<-chan error
		for i, timeout := range []time.Duration{0, time.Second, 0, time.Second, 0} {
			c.SetTimeout(timeout)
			sent = append(sent, background(func() error { return c.SendString(large(strconv.Itoa(i))) }))
		}
		c.SetTimeout(0)
		<-time.After(2 * time.Second)
		endTurn(c)
		for i := range sent {
			err := <-sent[i]
			if i%2 == 0 && err != nil || i%2 == 1 && err != os.ErrDeadlineExceeded {
				t.Errorf("send %d: %v", i, err)
			}
			if i%2 == 0 {
				p.want(true, frame.Text, large(strconv.Itoa(i)))
			}
		}
		wantAllSent(t, c)
	})
}
