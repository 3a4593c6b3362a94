package server

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// A group counts what its members send and receive, while they are members.
func TestGroupStats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g, room Group
		h := newHall(t, &Options{Group: &g})
		check := func(of *Group, want Stats) {
			t.Helper()
			synctest.Wait()
			if s := of.Stats(); s != want {
				t.Errorf("%+v\nwant %+v", s, want)
			}
		}
		a, client1 := h.connect()
		b, client2 := h.connect()
		want := Stats{Open: 2, Opened: 2}
		check(&g, want)

		client1.SendString("hello")               // 11 bytes with its mask
		client1.SendPing([]byte("ping"))          // 10
		client2.SendFrame(false, frame.Text, nil) // 6
		want.MessagesReceived, want.FramesReceived, want.BytesReceived = 1, 3, 27
		want.FramesSent, want.BytesSent = 1, 6 // the pong
		check(&g, want)

		room.Add(a)
		check(&room, Stats{Open: 1, Opened: 1})
		room.Broadcast(prepared(t, "all")) // 5 bytes
		want.MessagesSent, want.FramesSent, want.BytesSent = 1, 2, 11
		check(&g, want)
		inRoom := Stats{Open: 1, Opened: 1, MessagesSent: 1, FramesSent: 1, BytesSent: 5}
		check(&room, inRoom)

		room.Remove(a)
		inRoom.Open, inRoom.Closed = 0, 1
		a.SendString("outside") // 9
		want.MessagesSent, want.FramesSent, want.BytesSent = 2, 3, 20
		check(&room, inRoom)
		room.Add(a)
		inRoom.Open, inRoom.Opened = 1, 2
		check(&room, inRoom)
		a.SendString("inside") // 8
		inRoom.MessagesSent, inRoom.FramesSent, inRoom.BytesSent = 2, 2, 13
		want.MessagesSent, want.FramesSent, want.BytesSent = 3, 4, 28
		check(&room, inRoom)
		check(&g, want)

		client1.CloseNow() // the function returns, and no Close frame can be sent
		inRoom.Open, inRoom.Closed = 0, 2
		want.Open, want.Closed = 1, 1
		check(&room, inRoom)
		check(&g, want)

		h.all.Go(func() { b.Close() }) // 1000 each way
		client2.RecvMessage()
		client2.Close()
		h.all.Wait()
		want.Open, want.Closed = 0, 2
		want.FramesSent, want.BytesSent = want.FramesSent+1, want.BytesSent+4
		want.FramesReceived, want.BytesReceived = want.FramesReceived+1, want.BytesReceived+8
		check(&g, want)
	})
}

// A client that the heartbeat has found silent is counted, once in each group.
func TestGroupStatsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g, room Group
		c, wb := newHall(t, &Options{Group: &g, Heartbeat: time.Second}).connect() // which does not receive
		room.Add(c)
		<-time.After(3 * time.Second)
		wantPlaces(t, &g, 0, 0)
		if g.Stats().ClosedSilent != 1 || room.Stats().ClosedSilent != 1 || c.Fatal() != ErrPeerSilent {
			t.Errorf("%+v, %v", g.Stats(), c.Fatal())
		}
		wb.CloseNow()
	})
}

// A connection that has ended before it could join gives its place back.
func TestGroupOpenAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := Group{MaxConns: 1}
		c, wb := newWideHall(t, nil).connect()
		c.CloseNow()
		if err := g.reserve(); err != nil {
			t.Error(err)
		}
		g.open(c, true)
		wantPlaces(t, &g, 0, 0)
		wb.CloseNow()
	})
}

// Stats may be asked for at any time.
func TestGroupStatsMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Group
		h := newHall(t, &Options{Group: &g})
		const messages = 500
		var all sync.WaitGroup
		all.Go(func() {
			for range messages {
				g.Broadcast(prepared(t, "x"))
			}
		})
		all.Go(func() {
			var last Stats
			for range messages {
				s := g.Stats()
				if s.BytesSent < last.BytesSent || s.FramesReceived < last.FramesReceived || s.MessagesSent > s.FramesSent {
					t.Errorf("%+v after %+v", s, last)
				}
				last = s
			}
		})
		all.Go(func() {
			for range 20 {
				h.follow(nil).CloseNow()
			}
		})
		all.Wait()
		h.all.Wait()
		wantPlaces(t, &g, 0, 0)
	})
}
