package endpoint

import (
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// TestPingsAreSpread has connections of one wheel begin at different times. Their Pings keep
// that distance, to a tick.
func TestPingsAreSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const conns = 640
		var first *wheel
		start := time.Now()
		sent := make(chan time.Duration, conns)
		for range conns {
			c, p := newPair(t, Config{Heartbeat: beat})
			if first == nil {
				first = c.heart.wheel
			}
			moveTo(first, c.heart)
			receiveAll(c)
			go func() {
				p.wantPing()
				sent <- time.Since(start)
			}()
			<-time.After(beat / conns)
		}
		pings := make(map[time.Duration]int) // by their tick
		for range conns {
			pings[(<-sent).Truncate(beat/ticksPerPeriod)]++
		}
		for tick, n := range pings {
			if n > 2*conns/ticksPerPeriod {
				t.Errorf("%d of %d Pings are sent at %v", n, conns, tick)
			}
		}
	})
}

// moveTo moves a heartbeat that has a wheel of its own, in a bubble, to another one.
func moveTo(w *wheel, h *heartbeat) {
	wheels.mu.Lock()
	defer wheels.mu.Unlock()
	if h.wheel == w {
		return
	}
	h.remove()
	h.wheel = w
	w.put(&h.spoke, w.ticks)
	w.members++
	h.pinged = w.clock.Load()
	h.heard.Store(h.pinged)
	h.empty.Store(h.pinged)
}

// TestUnreadIsNoSilence has bytes lie in the socket of a receiver that is waiting by its own
// account, which it is until it has had the time to run.
func TestUnreadIsNoSilence(t *testing.T) {
	for _, test := range []struct {
		name string
		pair func(t *testing.T, cfg Config) (*Conn, *peer)
	}{{"tcp", newTCPPair}, {"tls", newTLSPair}} {
		t.Run(test.name, func(t *testing.T) {
			c, p := test.pair(t, Config{Heartbeat: time.Hour})
			h := c.heart
			now := h.wheel.clock.Load()
			h.waiting()
			h.pinged = now + 1
			if c.arrived() {
				t.Fatal("something has arrived before it was sent")
			}
			p.send(true, frame.Text, "just so")
			for !c.arrived() {
				<-time.After(time.Millisecond)
			}
			if next := h.visit(now + 1 + h.wheel.ticks); next == 0 || h.heard.Load() != now+1+h.wheel.ticks {
				t.Errorf("the connection ends; the next visit is in %d ticks", next)
			}
			wantMessage(t, c, "just so", frame.Text)
		})
	}
}

// TestWaitThatHasJustBegun has a receiver come back after a long time, to a net.Conn that
// has bytes for it. The visit comes before it has looked.
func TestWaitThatHasJustBegun(t *testing.T) {
	c, p := newPair(t, Config{Heartbeat: time.Hour})
	h := c.heart
	began := h.wheel.clock.Load() + 1000
	h.pinged = began - 500
	h.waits.Store(began<<1 | 1)
	for at := began; at < began+settledTicks; at++ {
		if next := h.visit(at); next != 1 || h.pinged != began-500 {
			t.Errorf("the visit after %d ticks of the wait says %d, pinged at %d", at-began, next, h.pinged)
		}
	}
	if next := h.visit(began + settledTicks); next != 0 {
		t.Errorf("the visit after %d ticks of the wait says %d", settledTicks, next)
	}
	if _, _, err := c.RecvMessage(); err != ErrPeerSilent {
		t.Errorf("received %v, want %v", err, ErrPeerSilent)
	}
	p.Close()
}

// TestLeavingIsCheap has ten thousand connections of one wheel end, in the order in which
// they began, the reverse and all at once. Each is forgotten when it ends.
func TestLeavingIsCheap(t *testing.T) {
	wiretest.NoLeaks(t)
	const conns = 10_000
	all := make([]*Conn, conns)
	for i := range all {
		own, other := wiretest.Pipe()
		all[i] = New(own, &Config{Heartbeat: time.Minute}, nil)
		other.Close()
	}
	w := all[0].heart.wheel
	if w != all[conns-1].heart.wheel || w.members != conns {
		t.Fatalf("the wheel has %d members", w.members)
	}
	for i, c := range all {
		switch i % 3 {
		case 0:
			c.RecvMessage() // io.EOF
		case 1:
			c.CloseNow()
		case 2:
			c.Close(frame.StatusNormalClosure)
		}
		if c.Fatal() == nil || w.members != conns-1-i {
			t.Fatalf("after %d ends the wheel has %d members", i+1, w.members)
		}
	}
	wantNoWheel(t)
	for _, c := range all {
		c.CloseNow()
	}
}

// TestIdleHeartbeatTakesNothing has an idle connection be pinged, and hold no buffers and
// nothing else after it.
func TestIdleHeartbeatTakesNothing(t *testing.T) {
	c, p := newTCPPair(t, Config{Heartbeat: 20 * time.Millisecond})
	received := receiveAll(c)
	for range 3 {
		p.send(true, frame.Pong, p.wantPing())
	}
	p.send(true, frame.Text, "done")
	<-received
	c.send.mu.Lock()
	defer c.send.mu.Unlock()
	if c.send.traffic != nil || c.send.pending.slab != nil || c.send.unsent != 0 {
		t.Errorf("left behind: %+v, %v, %d", c.send.traffic, c.send.pending, c.send.unsent)
	}
}
