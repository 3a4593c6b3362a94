package endpoint

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// TestTurnsAreInOrder has a sender send again as soon as it has had its turn. Those
// who wait come first.
func TestTurnsAreInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{NoDelay: true})
		p.stopReading()
		waits(func() {
			c.SendString("first")
			c.SendString("last")
		})
		for i := range 5 {
			waits(func() { c.SendString(fmt.Sprint(i)) })
		}
		p.own.SetWriteBuffer(-1)
		for _, want := range []string{"first", "0", "1", "2", "3", "4", "last"} {
			p.want(true, frame.Text, want)
		}
	})
}

// TestSendBehindStuckSend has calls that send wait for their turn behind one that
// takes longer than they may. They end in their own time. That is no fault of the
// connection's: nothing of them is sent, and sending goes on.
func TestSendBehindStuckSend(t *testing.T) {
	for _, test := range []struct {
		name string
		send func(c *Conn) error
	}{
		{"SendFrame", func(c *Conn) error { return c.SendFrame(true, frame.Text, []byte("late")) }},
		{"SendString", func(c *Conn) error { return c.SendString("late") }},
		{"SendPlain", func(c *Conn) error { return c.SendPlain(frame.Text, []byte("late")) }},
		{"SendMessage", func(c *Conn) error { return c.SendMessage(frame.Binary, make([]byte, 200_000)) }},
		{"SendClose", func(c *Conn) error { return c.SendClose(frame.StatusNormalClosure, "") }},
		{"Flush", (*Conn).Flush},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Timeout: time.Minute, NoDelay: true})
				p.stopReading()
				stuck := make(chan error)
				waits(func() { stuck <- c.SendString("stuck") })
				c.SetTimeout(time.Second)
				for range 2 {
					start := time.Now()
					err := test.send(c)
					if took := time.Since(start); err != os.ErrDeadlineExceeded || took != time.Second {
						t.Errorf("%v after %v, want a timeout after a second", err, took)
					}
				}
				wantFatal(t, c, nil)
				p.own.SetWriteBuffer(-1)
				if err := <-stuck; err != nil {
					t.Errorf("the stuck one: %v", err)
				}
				if err := c.SendString("goes on"); err != nil {
					t.Errorf("SendString: %v", err)
				}
				p.want(true, frame.Text, "stuck")
				p.want(true, frame.Text, "goes on")
				c.CloseNow()
				p.wantEnd()
			})
		})
	}
}

// TestTurnTooLate has a call's turn come at the moment when its Timeout has passed.
// Nothing of it is sent, the next one has the turn, and sending goes on.
func TestTurnTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{NoDelay: true})
		p.stopReading()
		waits(func() { c.SendString("stuck") })
		time.AfterFunc(time.Second, func() { p.own.SetWriteBuffer(-1) })
		c.SetTimeout(time.Second)
		late := make(chan error)
		waits(func() { late <- c.SendString("late") })
		c.SetTimeout(0)
		waits(func() { c.SendString("next") })
		if err := <-late; err != os.ErrDeadlineExceeded {
			t.Errorf("SendString: %v, want a timeout", err)
		}
		p.want(true, frame.Text, "stuck")
		p.want(true, frame.Text, "next")
		if err := c.SendString("goes on"); err != nil {
			t.Errorf("SendString: %v", err)
		}
		p.want(true, frame.Text, "goes on")
	})
}

// TestRecvBoundsTheWholeCall has Recv calls do more than receive. All of it is done
// within Timeout.
func TestRecvBoundsTheWholeCall(t *testing.T) {
	const timeout = 4 * time.Second
	for _, test := range []struct {
		name string
		does func(c *Conn, p *peer)
	}{
		{"ping_at_the_last_moment", func(c *Conn, p *peer) {
			p.stopReading()
			time.AfterFunc(timeout-10*time.Millisecond, func() { p.send(true, frame.Ping, "not answered") })
		}},
		{"pong_behind_12_senders", func(c *Conn, p *peer) {
			p.stopReading()
			for i := range 12 { // one of them is taken a second
				waits(func() { c.SendString("x") })
				time.AfterFunc(time.Duration(i+1)*time.Second, func() { p.own.SetWriteBuffer(3 * (i + 1)) })
			}
			p.send(true, frame.Ping, "in time")
		}},
		{"flush_before_a_read", func(c *Conn, p *peer) {
			p.sendTogether("one", "two")
			c.RecvMessage()
			p.stopReading()
			c.SendString("held back")
			c.RecvMessage()
		}},
		{"pings_all_the_time", func(c *Conn, p *peer) {
			p.stopReading()
			p.send(false, frame.Text, "begun")
			for i := range 4 {
				time.AfterFunc(time.Duration(i)*time.Second, func() { p.send(true, frame.Ping, "x") })
			}
		}},
		{"while_Close_waits", func(c *Conn, p *peer) {
			waits(func() { c.Close(frame.StatusNormalClosure) })
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Timeout: timeout, SendTimeout: time.Hour})
				test.does(c, p)
				start := time.Now()
				_, _, err := c.RecvMessage()
				if took := time.Since(start); !errors.Is(err, os.ErrDeadlineExceeded) || took != timeout {
					t.Errorf("RecvMessage: %v after %v, want a timeout after %v", err, took, timeout)
				}
				wantFatal(t, c, nil)
			})
		})
	}
}

// TestNoTurnIsLost has many calls wait for turns, each for another time, while others
// have theirs. In the end no call has its turn.
func TestNoTurnIsLost(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			c, _ := newPair(t, Config{})
			var all sync.WaitGroup
			var having, had atomic.Int64
			for i := range uint64(30) {
				random := rand.New(rand.NewPCG(seed, i))
				some := func() time.Duration { return time.Duration(1+random.IntN(50)) * time.Millisecond }
				all.Go(func() {
					for range 20 {
						c.send.mu.Lock()
						if c.send.turn(after(some())) != nil {
							c.send.mu.Unlock()
							continue
						}
						if having.Add(1) != 1 {
							t.Error("two calls have their turn at once")
						}
						c.send.mu.Unlock() // as a write does
						<-time.After(some() / 10)
						c.send.mu.Lock()
						having.Add(-1)
						had.Add(1)
						c.send.endTurn()
						c.send.mu.Unlock()
					}
				})
			}
			all.Wait()
			if err := c.SendString("x"); err != nil || c.send.traffic.wantsTurn() || had.Load() == 0 {
				t.Errorf("SendString: %v after %d turns, %t wait", err, had.Load(), c.send.traffic.wantsTurn())
			}
		})
	}
}
