package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// backlog is how many bytes a member of the groups below may leave waiting.
const backlog = 10 << 10

// A slow member receives what had been accepted for it and then a Close frame with 1013. The
// others receive everything, without waiting for it.
func TestCloseSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Group
		h := newHall(t, &Options{Group: &g, MaxBacklog: backlog, WriteBuffer: 1})
		quick := 0
		fast := h.follow(func(message string, err error) {
			if err == nil {
				quick++
			}
		})
		_, slow := h.connect() // which does not receive
		start := time.Now()
		const messages = 100
		for i := range messages {
			g.Broadcast(prepared(t, numbered(i)))
			synctest.Wait() // the fast one has it
			if quick != i+1 {
				t.Fatalf("%d messages have arrived at the fast member, want %d", quick, i+1)
			}
		}
		if took := time.Since(start); took > 0 {
			t.Errorf("the messages have taken %v", took)
		}
		wantStats(t, &g, 0, 1)
		var received int
		for {
			data, _, err := slow.RecvMessage()
			if err != nil {
				if code := frame.CloseCode(err); code != frame.StatusTryAgainLater {
					t.Errorf("the slow member receives %v", err)
				}
				break
			}
			if string(data) != numbered(received) {
				t.Errorf("received %.20q, want number %d", data, received)
			}
			received++
		}
		if want := backlog / len(numbered(0)); received != want && received != want+1 {
			t.Errorf("the slow member has received %d messages, want %d", received, want)
		}
		slow.Close()
		wantPlaces(t, &g, 1, 1)
		wantStats(t, &g, 0, 1)
		fast.CloseNow()
		h.all.Wait()
	})
}

// A slow member that does not even take its Close frame is closed after 5 seconds.
func TestCloseSlowForGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, hall := range []func(*testing.T, *Options) *hall{newHall, newWideHall} {
			var g Group
			h := hall(t, &Options{Group: &g, MaxBacklog: backlog, WriteBuffer: 1})
			_, slow := h.connect()
			for i := range 20 {
				g.Broadcast(prepared(t, numbered(i)))
			}
			wantPlaces(t, &g, 1, 1)
			<-time.After(5*time.Second - 1)
			wantPlaces(t, &g, 1, 1)
			<-time.After(1)
			wantPlaces(t, &g, 0, 0)
			wantStats(t, &g, 0, 1)
			slow.CloseNow()
		}
	})
}

// A slow member misses the messages that are counted, and no others.
func TestSkipSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := Group{Slow: SkipSlow}
		h := newHall(t, &Options{Group: &g, MaxBacklog: backlog, WriteBuffer: 1})
		c, slow := h.connect()
		var got []string
		const messages = 100
		for i := range messages {
			g.Broadcast(prepared(t, numbered(i)))
			if i == messages/2 {
				for range 10 { // there is room for as many then
					data, _, _ := slow.RecvMessage()
					got = append(got, string(data))
				}
				synctest.Wait()
			}
		}
		h.all.Go(func() { c.Close() })
		for {
			data, _, err := slow.RecvMessage()
			if err != nil {
				break
			}
			got = append(got, string(data))
		}
		h.all.Wait()
		if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Errorf("the messages are out of order: %.6q", got)
		}
		if len(got) < 19 || got[len(got)-1] < numbered(messages/2) {
			t.Errorf("%d messages have arrived, the last of them %.6q", len(got), got[len(got)-1])
		}
		wantStats(t, &g, uint64(messages-len(got)), 0)
		slow.CloseNow()
	})
}

// numbered returns the i-th message, a kilobyte.
func numbered(i int) string { return fmt.Sprintf("%06d", i) + strings.Repeat("x", 1000) }

func wantStats(t *testing.T, g *Group, skipped, closed uint64) {
	t.Helper()
	if s := g.Stats(); s.Skipped != skipped || s.ClosedSlow != closed {
		t.Errorf("%d messages skipped, %d members closed, want %d and %d", s.Skipped, s.ClosedSlow, skipped, closed)
	}
}
