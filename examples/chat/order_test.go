package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// A network carries what the orders publish: in order from one to another, and otherwise in
// any order, as NATS does.
type network struct {
	orders   []*order
	links    [3][3][]packet
	cut      bool // between node 2 and the others
	away     bool // node 2 was cut off, and takes no messages yet
	said     [3][]string
	got      [3][]string
	lost     map[string]bool // said by a node, or to it, while it was cut off
	random   *rand.Rand
	messages int
}

type packet struct {
	tick []byte
	said said
}

func (n *network) publish(from int, p packet) {
	for to := range n.orders {
		if n.away && from != to && (from == 2 || to == 2) {
			n.lost[string(p.said.event)] = true
		}
		if n.cut && from != to && (from == 2 || to == 2) {
			continue
		}
		n.links[from][to] = append(n.links[from][to], p)
	}
}

// step has one thing happen.
func (n *network) step() {
	from, to := n.random.IntN(3), n.random.IntN(3)
	o := n.orders[from]
	switch now := time.UnixMicro(1e9 + int64(from)*1e6); n.random.IntN(8) { // their clocks differ by seconds
	case 0:
		n.publish(from, packet{tick: o.tick(now)})
	case 1:
		if o.fault() == nil {
			n.messages++
			text := fmt.Sprint(from, "-", n.messages)
			n.said[from] = append(n.said[from], text)
			n.publish(from, packet{said: said{stamp: o.next(now), event: []byte(text)}})
		}
	default:
		n.arrive(from, to)
	}
}

// arrive has the next packet of a link arrive.
func (n *network) arrive(from, to int) {
	link := &n.links[from][to]
	if len(*link) == 0 {
		return
	}
	p, o := (*link)[0], n.orders[to]
	*link = (*link)[1:]
	if p.tick != nil {
		s, rest, _ := parseStamp(p.tick)
		o.hearTick(s, rest)
	} else {
		o.hearSaid(p.said)
	}
	for m, ok := o.deliver(); ok; m, ok = o.deliver() {
		n.got[to] = append(n.got[to], string(m.event))
	}
}

// TestOrder has three nodes say things, of which one is cut off twice.
func TestOrder(t *testing.T) {
	for seed := range uint64(20) {
		n := &network{lost: make(map[string]bool), random: rand.New(rand.NewPCG(seed, 0))}
		for i := range 3 {
			o := newOrder(uint64(i+1), 2)
			n.orders = append(n.orders, &o)
		}
		for i := range 60_000 {
			if n.cut = i/10_000%2 == 1; n.cut && i%10_000 == 0 { // what is on its way is lost, too
				for _, link := range []*[]packet{&n.links[0][2], &n.links[1][2], &n.links[2][0], &n.links[2][1]} {
					for _, p := range *link {
						n.lost[string(p.said.event)] = true
					}
					*link = nil
				}
			}
			n.away = n.cut || n.away && n.orders[2].fault() != nil
			n.step()
		}
		n.check(t, seed)
	}
}

// check compares what the nodes got.
func (n *network) check(t *testing.T, seed uint64) {
	place := make(map[string]int)
	for i, text := range n.got[0] {
		place[text] = i
	}
	for node, got := range n.got {
		last := -1
		for _, text := range got {
			i, ok := place[text]
			switch {
			case ok && i <= last:
				t.Fatalf("seed %d: node %d got %s in another place, or twice", seed, node, text)
			case !ok && !n.lost[text] && !slices.Contains(tail(n.said[text[0]-'0']), text):
				t.Fatalf("seed %d: node %d got %s, node 0 did not", seed, node, text)
			case ok:
				last = i
			}
		}
		for from, said := range n.said {
			for _, text := range said[:len(said)-len(tail(said))] {
				mayMiss := n.lost[text] && (node == 2 || from == 2)
				if !mayMiss && !slices.Contains(got, text) {
					t.Fatalf("seed %d: node %d missed %s", seed, node, text)
				}
			}
		}
	}
	if len(n.said[2]) < 500 || len(n.lost) == 0 {
		t.Fatalf("seed %d: node 2 said %d messages, %d were lost: the test tests nothing", seed, len(n.said[2]), len(n.lost))
	}
}

// tail returns messages at the end that may be on their way.
func tail(said []string) []string { return said[max(0, len(said)-200):] }
