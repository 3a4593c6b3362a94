package server

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// Every member is told 1001, evenly over half the time, and Shutdown returns when the last
// has left.
func TestShutdownSpreads(t *testing.T) {
	for _, test := range []struct {
		name    string
		members int
		timeout time.Duration // 0: none
		pause   time.Duration
	}{
		{"many", 1000, 20 * time.Second, 10 * time.Millisecond},
		{"few", 10, time.Minute, maxGoodbyePause},
		{"no_deadline", 100, 0, goodbyePause},
		{"none", 0, time.Second, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var g Group
				h := newHall(t, &Options{Group: &g})
				told := make(chan time.Time, test.members)
				for range test.members {
					h.follow(func(_ string, err error) {
						if frame.CloseCode(err) != frame.StatusGoingAway {
							t.Error(err)
						}
						told <- time.Now()
					})
				}
				ctx := t.Context()
				if test.timeout > 0 {
					c, cancel := context.WithTimeout(ctx, test.timeout)
					defer cancel()
					ctx = c
				}
				start := time.Now()
				if err := g.Shutdown(ctx); err != nil {
					t.Error(err)
				}
				if took, want := time.Since(start), time.Duration(max(0, test.members-1))*test.pause; took != want {
					t.Errorf("it has taken %v, want %v", took, want)
				}
				wantPlaces(t, &g, 0, 0)
				for i := range test.members {
					if at := (<-told).Sub(start); at != time.Duration(i)*test.pause {
						t.Errorf("member %d is told after %v", i, at)
					}
				}
				h.all.Wait()
			})
		})
	}
}

// Clients that never answer, functions that never return and callers that never close keep
// Shutdown waiting until its context is done. It returns then.
func TestShutdownGivesUp(t *testing.T) {
	errCause := errors.New("cause")
	synctest.Test(t, func(t *testing.T) {
		var g Group
		goOn := make(chan bool)
		stuck := newHall(t, nil)
		stuck.dial.Dial = client.DialHandler(Handler(&Options{Group: &g}, func(c *Conn) {
			stuck.conns <- c
			<-goOn
		}))
		silent := newHall(t, &Options{Group: &g, WriteBuffer: 1})
		wide := newWideHall(t, &Options{Group: &g})
		var conns []*Conn
		var clients []*client.Conn
		for range 20 {
			for _, h := range []*hall{stuck, silent, wide} {
				c, wb := h.connect()
				c.Offer(prepared(t, "a message that a silent client does not take"))
				conns, clients = append(conns, c), append(clients, wb)
			}
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), 4*time.Second, errCause)
		defer cancel()
		start := time.Now()
		if err := g.Shutdown(ctx); err != errCause {
			t.Error(err)
		}
		if took := time.Since(start); took < 4*time.Second || took > 4010*time.Millisecond {
			t.Errorf("it has taken %v", took)
		}
		for _, c := range conns {
			if c.Fatal() == nil {
				t.Error("a connection is open")
			}
		}
		wantPlaces(t, &g, 0, 20)
		close(goOn)
		wantPlaces(t, &g, 0, 0)
		for _, wb := range clients {
			wb.CloseNow()
		}
	})
}

// A context that is done already, or is done meanwhile, ends the spreading.
func TestShutdownAtOnce(t *testing.T) {
	for _, after := range []time.Duration{0, time.Second} {
		synctest.Test(t, func(t *testing.T) {
			var g Group
			h := newHall(t, &Options{Group: &g})
			var going atomic.Int32
			for range 100 {
				h.follow(func(_ string, err error) {
					if frame.CloseCode(err) == frame.StatusGoingAway {
						going.Add(1)
					}
				})
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			if after == 0 {
				cancel()
			} else {
				time.AfterFunc(after, cancel)
			}
			start := time.Now()
			if err := g.Shutdown(ctx); err != context.Canceled && err != nil {
				t.Error(err)
			}
			if took := time.Since(start); took != after {
				t.Errorf("it has taken %v", took)
			}
			wantPlaces(t, &g, 0, 0)
			h.all.Wait()
			if n := going.Load(); n != 100 {
				t.Errorf("%d were told", n)
			}
		})
	}
}

// A longer is a context that lasts for longer than its deadline says, on a machine that
// needs it.
type longer struct {
	context.Context
	deadline time.Time
}

func (ctx longer) Deadline() (deadline time.Time, ok bool) { return ctx.deadline, true }

// TestShutdownSockets is Shutdown of connections over TCP, of which nothing is left.
func TestShutdownSockets(t *testing.T) {
	for name, members := range map[string]int{"Handler": 2000, "Sessions": 2000} {
		t.Run(name, func(t *testing.T) {
			wiretest.NoLeaks(t)
			if testing.Short() {
				members = min(members, 200)
			}
			var g Group
			ts := wayOf(name).start(t, &Options{Group: &g}, func(*Conn) Session { return script{} }, nil)
			var all sync.WaitGroup
			for range members {
				nc := dial(t, ts.Listener.Addr(), "")
				nc.SetDeadline(time.Now().Add(3 * patience))
				all.Go(func() {
					defer nc.Close()
					wantClose(t, nc, frame.StatusGoingAway)
					nc.Write([]byte(sent(true, frame.Close, "\x03\xe9")))
				})
			}
			done, cancel := context.WithTimeout(t.Context(), 2*patience)
			defer cancel()
			for g.Len() < members { // the last ones have been answered just now
				runtime.Gosched()
			}
			start := time.Now()
			ctx := longer{done, start.Add(6 * time.Second)}
			ts.Config.Shutdown(ctx)
			if err := g.Shutdown(ctx); err != nil {
				t.Error(err)
			}
			if took := time.Since(start); took < 2500*time.Millisecond {
				t.Errorf("the Close frames took %v", took)
			}
			all.Wait()
			if s := g.Stats(); s.Open != 0 || s.Opened != uint64(members) || s.Closed != s.Opened || s.FramesSent != s.Opened || s.FramesReceived != s.Opened {
				t.Errorf("%+v", s)
			}
		})
	}
}

// TestShutdownSilentEachWay is Shutdown of clients that do not answer. Each session is told
// of its end before Shutdown returns, unless it is not done by then.
func TestShutdownSilentEachWay(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		var g Group
		var closed atomic.Int32
		ts := w.start(t, &Options{Group: &g}, func(*Conn) Session {
			return script{close: func(error) { closed.Add(1) }}
		}, nil)
		const members = 20
		for range members {
			dial(t, ts.Listener.Addr(), "")
		}
		for g.Len() < members {
			runtime.Gosched()
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := g.Shutdown(ctx); err != context.DeadlineExceeded {
			t.Error(err)
		}
		if err := g.Shutdown(t.Context()); err != nil || closed.Load() != members || g.Stats().Open != 0 {
			t.Errorf("%d sessions are closed, %d open, %v", closed.Load(), g.Stats().Open, err)
		}
	})
}
