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
// it knows has sent a later stamp, so that no earlier one can come. Every node publishes
// its clock in ticks, for that and to show that it is alive.
const (
	tickEvery = 25 * time.Millisecond
	fresh     = 20 // ticks without a word, after which a node does not count for the quorum
	patience  = 80 // ticks without a word, after which the others go on without the node
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
	nodes  map[uint64]*peer // those that are heard, this one among them
	held   []said           // in order
	last   stamp            // of the last message that was delivered
	late   uint64           // messages that came after a later one was delivered
}

// A peer is a node as this one hears it.
type peer struct {
	clock  uint64 // of its last stamp
	silent int    // ticks of this node since
	hears  bool   // it hears this node
}

// next returns the stamp of something that this node publishes.
func (o *order) next(now time.Time) stamp {
	o.clock = max(o.clock+1, uint64(now.UnixMicro()))
	return stamp{o.clock, o.self}
}

// tick returns a tick to publish, which names the nodes that this one hears. Silence is
// counted in ticks of this node: a node that was stopped itself cannot blame the others.
func (o *order) tick(now time.Time) []byte {
	p := binary.BigEndian.AppendUint64(o.next(now).append(nil), o.self)
	for node, peer := range o.nodes {
		if peer.silent++; peer.silent > patience {
			delete(o.nodes, node)
		} else if node != o.self {
			p = binary.BigEndian.AppendUint64(p, node)
		}
	}
	return p
}

// bye returns a tick that names no node. The others go on without this one at once.
func (o *order) bye(now time.Time) []byte { return o.next(now).append(nil) }

// hearTick notes a tick.
func (o *order) hearTick(s stamp, names []byte) {
	if len(names) == 0 {
		delete(o.nodes, s.node)
		return
	}
	p := o.nodes[s.node]
	if p == nil {
		p = new(peer)
		o.nodes[s.node] = p
	}
	p.hears = false
	for name := range slices.Chunk(names, 8) {
		if len(name) == 8 && binary.BigEndian.Uint64(name) == o.self {
			p.hears = true
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
	errNotHeard = errors.New("another node does not hear this one yet")
)

// fault returns why this node must not publish a message now: some member would not get it,
// or not in order. It returns nil if there is no reason.
func (o *order) fault() error {
	if p := o.nodes[o.self]; p == nil || p.silent > fresh {
		return errSilent
	}
	heard := 0
	for _, p := range o.nodes {
		if p.silent > fresh {
			continue
		}
		if !p.hears {
			return errNotHeard
		}
		heard++
	}
	if heard < o.quorum {
		return fmt.Errorf("only %d of %d nodes are there", heard, o.quorum)
	}
	return nil
}
