package main

import (
	"context"
	"testing"
	"time"

	"resty.websocket/frame"
)

// TestStop stops one of two nodes. Its client is told, and the other node goes on.
func TestStop(t *testing.T) {
	a := begin(t, "-cluster", "127.0.0.1:0")
	b := begin(t, "-cluster", "127.0.0.1:0", "-routes", "nats://"+a.embedded.ClusterAddr().String())
	a.healthy(t, 2)
	b.healthy(t, 2)
	stays, goes := enter(t, a, "a", "stays"), enter(t, b, "a", "goes")
	stays.await("here")
	goes.await("here")
	await(t, "way from one node to the other", func() bool {
		goes.say("goodbye")
		goes.hears("goodbye")
		return a.clients.Stats().MessagesSent > 1
	})
	stays.hears("goodbye")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	stopped := make(chan error)
	go func() { stopped <- b.stop(ctx) }()
	goes.ends(frame.StatusGoingAway)
	goes.wb.Close()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	ticks := a.ticks()
	a.healthy(t, 1)
	if ticks = a.ticks() - ticks; ticks > patience/2 {
		t.Errorf("the node that is left has waited %d ticks for the other", ticks)
	}
	stays.say("alone")
	for stays.await("said").Text != "alone" {
	}
}

func (n *node) ticks() uint64 {
	n.bus.mu.Lock()
	defer n.bus.mu.Unlock()
	return n.bus.order.ticks
}

// TestLink cuts the link between two of three nodes. All know of it, and take no messages
// until it is there again.
func TestLink(t *testing.T) {
	seed := begin(t, "-cluster", "127.0.0.1:0")
	nodes := []*node{seed}
	var links []*link
	for range 2 {
		l := newLink(t) // to the node, for the other one; the seed needs none
		n := begin(t, "-cluster", "127.0.0.1:0", "-advertise", l.addr, "-routes", "nats://"+seed.embedded.ClusterAddr().String())
		l.open(n.embedded.ClusterAddr().String())
		links, nodes = append(links, l), append(nodes, n)
		seed.healthy(t, len(nodes))
	}
	for _, n := range nodes {
		n.healthy(t, 3)
	}
	for _, l := range links {
		l.cut()
	}
	for _, n := range nodes[1:] {
		await(t, "fault", func() bool { return n.bus.fault() == errNotHeard })
	}
	<-time.After((patience + fresh) * tickEvery) // in which the servers try the link once or twice
	for _, n := range nodes[1:] {
		if err := n.bus.fault(); err != errNotHeard {
			t.Errorf("%v, want %v", err, errNotHeard)
		}
	}
	for i, l := range links {
		l.open(nodes[i+1].embedded.ClusterAddr().String())
	}
	for _, n := range nodes {
		n.healthy(t, 3)
	}
}
