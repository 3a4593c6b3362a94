package main

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"
)

// NATS keeps the messages of one node in order, but those of two nodes may arrive at one
// node as a, b and at another as b, a. The nodes therefore order all messages by Lamport's
// clock: each message carries a stamp, and a node delivers a message once every node that
// it hears has sent a later stamp, so that no earlier one can come. Every node publishes
// ticks, for that and to show that it is alive.
const (
	tickEvery = 25 * time.Millisecond
	fresh     = 20 // ticks, after which a node without an answer does not count for the quorum
	patience  = 80 // ticks, after which the others go on without a node that is silent
)

// A stamp is the place of a message among those of all nodes. No two are equal.
type stamp struct {
	clock uint64 // microseconds since 1970, if the clocks of all nodes agree
	node  uint64
}

func (s stamp) compare(t stamp) int {
	return cmp.Or(cmp.Compare(s.clock, t.clock), cmp.Compare(s.node, t.node))
}

func (s stamp) append(dst []byte) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(dst, s.clock), s.node)
}

// parseStamp splits what was published into its stamp and the rest.
func parseStamp(p []byte) (s stamp, rest []byte, ok bool) {
	if len(p) < 16 {
		return s, nil, false
	}
	return stamp{binary.BigEndian.Uint64(p), binary.BigEndian.Uint64(p[8:])}, p[16:], true
}

// A said is a message of a room that is waiting for its turn.
type said struct {
	stamp
	subject string
	event   []byte
}

// An order puts the messages of all nodes into the same order at each.
type order struct {
	self   uint64
	quorum int
	clock  uint64           // the latest that was seen
	ticks  uint64           // of this node
	nodes  map[uint64]*peer // those that are heard, this one among them
	held   []said           // in order
	last   stamp            // of the last message that was delivered
	late   uint64           // messages that came after a later one was delivered
}

// A peer is a node as this one hears it.
type peer struct {
	clock  uint64 // of its last stamp
	silent int    // ticks of this node since
	ticks  uint64 // its own, as far as they were heard
	hears  uint64 // ticks of this node, as far as the peer has heard them
	more   bool   // it hears a node that this one does not hear
}

func newOrder(self uint64, quorum int) order {
	return order{self: self, quorum: quorum, ticks: fresh + 1, nodes: make(map[uint64]*peer)}
}

// next returns the stamp of something that this node publishes.
func (o *order) next(now time.Time) stamp {
	o.clock = max(o.clock+1, uint64(now.UnixMicro()))
	return stamp{o.clock, o.self}
}

// tick returns a tick to publish. Behind its stamp it has the number of ticks of this node,
// and of each other one those that were heard. Silence is counted in ticks of this node: a
// node that was stopped itself cannot blame the others.
func (o *order) tick(now time.Time) []byte {
	o.ticks++
	p := stamp{o.ticks, o.self}.append(o.next(now).append(nil))
	for node, peer := range o.nodes {
		switch peer.silent++; {
		case peer.silent > patience:
			delete(o.nodes, node)
		case peer.silent <= fresh && node != o.self:
			p = stamp{peer.ticks, node}.append(p)
		}
	}
	return p
}

// bye returns a tick without numbers. The others go on without this node at once.
func (o *order) bye(now time.Time) []byte { return o.next(now).append(nil) }

// hearTick notes a tick.
func (o *order) hearTick(s stamp, numbers []byte) {
	if len(numbers) == 0 {
		delete(o.nodes, s.node)
		return
	}
	p := o.nodes[s.node]
	if p == nil {
		p = new(peer)
		o.nodes[s.node] = p
	}
	p.more = false
	for number, rest, ok := parseStamp(numbers); ok; number, rest, ok = parseStamp(rest) {
		if number.node == s.node {
			p.ticks = number.clock
		}
		if number.node == o.self {
			p.hears = number.clock
		}
		if q := o.nodes[number.node]; q == nil || q.silent > fresh {
			p.more = true
		}
	}
	o.hear(s)
}

// hearSaid notes a message.
func (o *order) hearSaid(m said) {
	i, twice := slices.BinarySearchFunc(o.held, m.stamp, func(h said, s stamp) int { return h.compare(s) })
	if !twice {
		o.held = slices.Insert(o.held, i, m)
	}
	o.hear(m.stamp)
}

func (o *order) hear(s stamp) {
	o.clock = max(o.clock, s.clock)
	if p := o.nodes[s.node]; p != nil {
		p.clock, p.silent = max(p.clock, s.clock), 0
	}
}

// deliver returns the next message, or false if an earlier one may still come.
func (o *order) deliver() (said, bool) {
	for len(o.held) > 0 {
		m := o.held[0]
		for _, p := range o.nodes {
			if p.clock < m.clock {
				return said{}, false
			}
		}
		o.held[0] = said{}
		o.held = o.held[1:]
		if m.compare(o.last) > 0 {
			o.last = m.stamp
			return m, true
		}
		o.late++
	}
	return said{}, false
}

var (
	errSilent   = errors.New("the bus is away")
	errNotHeard = errors.New("not all nodes hear each other")
)

// fault returns why this node must not publish a message now: some member would not get it,
// or not in order. It returns nil if there is no reason.
func (o *order) fault() error {
	heard := 0
	for node, p := range o.nodes {
		switch deaf := o.ticks-p.hears > fresh; {
		case deaf && node == o.self:
			return errSilent
		case p.silent > fresh: // it may be dead
		case deaf || p.more:
			return errNotHeard
		default:
			heard++
		}
	}
	switch {
	case o.nodes[o.self] == nil:
		return errSilent
	case heard < o.quorum:
		return fmt.Errorf("only %d of %d nodes are there", heard, o.quorum)
	}
	return nil
}
