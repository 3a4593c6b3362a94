package server

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
)

// A connection that joins while the group shuts down, or afterwards, is told so at once.
func TestShutdownJoins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Group
		h := newHall(t, nil)
		var told atomic.Int32
		add := func() {
			g.Add(h.follow(func(_ string, err error) {
				if frame.CloseCode(err) == frame.StatusGoingAway {
					told.Add(1)
				}
			}))
			wantPlaces(t, &g, 1, 1)
		}
		c, wb := h.connect() // which stays
		g.Add(c)
		done := make(chan error)
		for range 2 {
			go func() { done <- g.Shutdown(t.Context()) }()
		}
		synctest.Wait()
		add()
		select {
		case err := <-done:
			t.Errorf("Shutdown has not waited: %v", err)
		default:
		}
		wb.CloseNow()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		wantPlaces(t, &g, 0, 0)
		g.Add(h.follow(func(_ string, err error) {
			if frame.CloseCode(err) == frame.StatusGoingAway {
				told.Add(1)
			}
		}))
		h.all.Wait()
		if err := g.Shutdown(t.Context()); err != nil || told.Load() != 2 {
			t.Errorf("%d were told, %v", told.Load(), err)
		}
	})
}

// Messages, connections and members that come during Shutdown neither hang nor panic.
func TestShutdownWhileBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g, room Group
		h := newHall(t, &Options{Group: &g})
		for range 200 {
			room.Add(h.follow(nil))
		}
		outside := newHall(t, nil)
		var busy sync.WaitGroup
		stop := make(chan bool)
		for _, act := range []func(){
			func() { g.Broadcast(prepared(t, "x")); room.Broadcast(prepared(t, "y")) },
			func() { g.Stats(); g.Len(); room.Stats() },
			func() { g.Add(outside.follow(nil)) },
			func() {
				if wb, _, err := client.Connect(context.Background(), "ws://hall/", h.dial); err == nil {
					wb.CloseNow()
				}
			},
			func() {
				for c := range room.All() {
					room.Remove(c)
					g.Add(c)
					break
				}
			},
		} {
			busy.Go(func() {
				for {
					select {
					case <-stop:
						return
					case <-time.After(10 * time.Millisecond):
						act()
					}
				}
			})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		err := g.Shutdown(ctx)
		close(stop)
		busy.Wait()
		if err != nil && err != context.DeadlineExceeded {
			t.Error(err)
		}
		<-time.After(10 * time.Second)
		wantPlaces(t, &g, 0, 0)
		h.all.Wait()
		outside.all.Wait()
		wantPlaces(t, &room, 0, 0)
	})
}
