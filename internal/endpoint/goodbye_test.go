package endpoint

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// An offered Close frame comes behind all that was accepted, whatever the peer takes, and
// OfferClose does not wait for it.
func TestOfferClose(t *testing.T) {
	for _, test := range []struct {
		name string
		cfg  Config
		slow bool
	}{
		{"peer_reads", Config{}, false},
		{"peer_is_slow", Config{}, true},
		{"client", Config{Role: frame.Client}, true},
		{"backlog_full", Config{MaxBacklog: 10}, true},
		{"no_delay", Config{NoDelay: true}, false},
	} {
		t.Run("5.5.1/"+test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, test.cfg)
				if test.slow {
					p.own.SetWriteBuffer(1)
				}
				accepted := 0
				for ; accepted < 20 && c.Offer(prepare(t, frame.Text, fmt.Sprint(accepted))) == nil; accepted++ {
				}
				start := time.Now()
				if err := c.OfferClose(frame.StatusTryAgainLater, "why"); err != nil || time.Now() != start {
					t.Errorf("%v after %v", err, time.Since(start))
				}
				for name, err := range map[string]error{
					"OfferClose": c.OfferClose(frame.StatusGoingAway, ""),
					"Offer":      c.Offer(prepare(t, frame.Text, "late")),
					"SendString": c.SendString("late"),
				} {
					if err != frame.ErrSendClosed {
						t.Errorf("%s afterwards: %v", name, err)
					}
				}
				p.own.SetWriteBuffer(-1)
				for i := range accepted {
					p.want(true, frame.Text, fmt.Sprint(i))
				}
				p.want(true, frame.Close, string(frame.AppendClose(nil, frame.StatusTryAgainLater, "why")))
				p.sendClose(frame.StatusTryAgainLater, "")
				if _, _, err := c.RecvMessage(); frame.CloseCode(err) != frame.StatusTryAgainLater {
					t.Error(err)
				}
				c.CloseNow()
				wantAllSent(t, c)
			})
		})
	}
}

// An offered Close frame does not cut a message that is being sent, nor one that was
// offered inside it.
func TestOfferCloseInside(t *testing.T) {
	for name, begin := range map[string]func(c *Conn) (end func() error){
		"fragments": func(c *Conn) func() error {
			c.SendFrame(false, frame.Text, []byte("ab"))
			return func() error { return c.SendFrame(true, frame.Continuation, []byte("c")) }
		},
		"NextWriter": func(c *Conn) func() error {
			w, _ := c.NextWriter(frame.Text)
			io.WriteString(w, "ab")
			w.(*messageWriter).Flush()
			io.WriteString(w, "c")
			return w.Close
		},
		"SendMessage": func(c *Conn) func() error {
			done := background(func() error { return c.SendMessage(frame.Text, []byte("abc")) })
			return func() error { return <-done }
		},
		"vector": func(c *Conn) func() error {
			c.SendFrame(false, frame.Text, []byte("ab"))
			return func() error { return c.SendFrame(true, frame.Continuation, []byte(large("c"))) }
		},
	} {
		t.Run("5.4/"+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := Config{MaxSendLen: 2}
				last := "c"
				if name == "vector" {
					cfg.MaxSendLen, last = -1, large("c")
				}
				c, p := newPair(t, cfg)
				c.send.socket = name == "vector" // whose large frames are not copied
				if name == "SendMessage" {
					p.own.SetWriteBuffer(1) // so that it is under way
				}
				end := begin(c)
				offer(t, c, "of")
				if err := c.OfferClose(frame.StatusGoingAway, ""); err != nil {
					t.Fatal(err)
				}
				if err := c.OfferClose(frame.StatusGoingAway, ""); err != frame.ErrSendClosed {
					t.Errorf("the second time: %v", err)
				}
				p.own.SetWriteBuffer(-1)
				ended := background(end)
				p.want(false, frame.Text, "ab")
				p.want(true, frame.Continuation, last)
				p.want(true, frame.Text, "of")
				p.wantClose(frame.StatusGoingAway)
				if err := <-ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A message that does not end keeps the Close frame back for a while.
func TestOfferClosePatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		c.SendFrame(false, frame.Text, []byte("ab"))
		start := time.Now()
		c.OfferClose(frame.StatusGoingAway, "")
		p.want(false, frame.Text, "ab")
		p.wantClose(frame.StatusGoingAway)
		if took := time.Since(start); took != patience {
			t.Errorf("it has come after %v", took)
		}
		if err := c.SendFrame(true, frame.Continuation, nil); err != frame.ErrSendClosed {
			t.Errorf("the message goes on: %v", err)
		}
		<-c.Context(context.Background()).Done()
		if took := time.Since(start); took != closeTimeout || c.Fatal() != net.ErrClosed {
			t.Errorf("%v after %v", c.Fatal(), took)
		}
	})
}

// A peer that does not answer has 5 seconds, whether or not a call receives, and whether
// or not it takes the frame.
func TestOfferCloseEnds(t *testing.T) {
	for name, recv := range map[string]bool{"receiving": true, "idle": false} {
		for _, room := range []int{-1, 1} {
			t.Run(fmt.Sprintf("7.1.1/%s/%d", name, room), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c, p := newPair(t, Config{})
					p.own.SetWriteBuffer(room)
					start := time.Now()
					offer(t, c, strings.Repeat("x", 1000))
					if err := c.OfferClose(frame.StatusTryAgainLater, ""); err != nil {
						t.Fatal(err)
					}
					if recv {
						if _, _, err := c.RecvMessage(); err == nil {
							t.Error("something was received")
						}
					} else {
						<-c.Context(context.Background()).Done()
					}
					if took := time.Since(start); took != closeTimeout || c.Fatal() == nil {
						t.Errorf("%v after %v", c.Fatal(), took)
					}
					synctest.Wait()
					if _, err := p.own.Write(nil); err == nil {
						t.Error("TCP is not closed")
					}
				})
			})
		}
	}
}

// Close after OfferClose waits for the answer, and lets the timer go.
func TestOfferCloseThenClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		c.OfferClose(frame.StatusGoingAway, "")
		closed := background(func() error { return c.Close(frame.StatusNormalClosure) })
		p.wantClose(frame.StatusGoingAway)
		p.sendClose(frame.StatusGoingAway, "")
		if err := <-closed; err != nil {
			t.Error(err)
		}
		if c.send.traffic.goodbye.timer.Stop() {
			t.Error("the timer runs on")
		}
		if err := c.OfferClose(frame.StatusGoingAway, ""); err == nil {
			t.Error("a Close frame is offered to a connection that is over")
		}
	})
}
