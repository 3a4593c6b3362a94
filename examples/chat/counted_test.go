package main

import (
	"strings"
	"sync"
	"time"
)

// A counted visitor notes what it gets.
type counted struct {
	*visitor
	room, node int

	mu      sync.Mutex
	got     []string // in order
	refused map[string]bool
}

// listen receives until the connection ends.
func (v *counted) listen(f *fleet) {
	for {
		e, err := v.next()
		if err != nil {
			if f.alive(v.node) && f.t.Context().Err() == nil {
				f.t.Errorf("a client of node %d: %v", v.node, err)
			}
			return
		}
		v.mu.Lock()
		switch e.Type {
		case "said":
			v.got = append(v.got, e.Text)
		case "refused":
			v.refused[e.Text] = true
		}
		v.mu.Unlock()
	}
}

// heard returns how many messages the client got that begin with the text.
func (v *counted) heard(begin string) (n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, text := range v.got {
		if strings.HasPrefix(text, begin) {
			n++
		}
	}
	return n
}

// A tally is what came of the messages.
type tally struct {
	said, refused, accepted, delivered int
	killed                             int // messages of the node that was killed, not got by all
	fromCut, toCut                     int // messages of the node that was cut off, and of the others, not got by all
}

// check compares what the clients got. All clients of a room got the same in the same order,
// twice never; and all of what was said, except for what tally.miss knows.
func (f *fleet) check() {
	var sums tally
	for room := range roomCount {
		place := make(map[string]int)
		for i, text := range f.visitors[room].got { // of node 0, which is always there
			if _, twice := place[text]; twice {
				f.t.Errorf("%q was got twice", text)
			}
			place[text] = i
		}
		var got []map[string]bool
		for i := room; i < len(f.visitors); i += roomCount {
			got = append(got, f.inOrder(f.visitors[i], place))
		}
		f.count(&sums, room, got)
	}
	f.t.Logf("%d clients, %d messages in %d rooms: %d accepted and %d refused, %d deliveries",
		len(f.visitors), sums.said, roomCount, sums.accepted, sums.refused, sums.delivered)
	f.t.Logf("cut off for %v, healthy again %v later", f.restored.Sub(f.cut), f.healed.Sub(f.restored))
	f.t.Logf("lost: %d messages that the node accepted before it noticed, for the others; %d of the others, for it; "+
		"%d of the node that was killed", sums.fromCut, sums.toCut, sums.killed)
}

// inOrder checks the order of what a client got, and returns it as a set.
func (f *fleet) inOrder(v *counted, place map[string]int) map[string]bool {
	got, last := make(map[string]bool), -1
	for _, text := range v.got {
		i, ok := place[text]
		switch {
		case got[text], ok && i < last:
			f.t.Errorf("%q was got twice by a client of node %d, or in another order than at node 0", text, v.node)
		case ok:
			last = i
		}
		got[text] = true
	}
	return got
}

// count counts what became of the messages of a room.
func (f *fleet) count(sums *tally, room int, got []map[string]bool) {
	for text, m := range f.said {
		if m.by.room != room || text == "last" {
			continue
		}
		sums.said++
		if m.by.refused[text] {
			sums.refused++
		} else {
			sums.accepted++
		}
		missed := make(map[*int]bool)
		for i := range got {
			switch v := f.visitors[i*roomCount+room]; {
			case m.by.refused[text]:
				if got[i][text] {
					f.t.Errorf("%q was refused, and got", text)
				}
			case got[i][text]:
				sums.delivered++
			case f.alive(v.node):
				reason := f.miss(sums, m, v)
				if reason == nil {
					f.t.Errorf("%q of node %d, %v after the cut, was missed by a client of node %d", text, m.by.node, m.at.Sub(f.cut), v.node)
					continue
				}
				missed[reason] = true
			}
		}
		for reason := range missed {
			*reason++
		}
	}
}

// onTheWay is how long a message may take.
const onTheWay = time.Second

// miss returns the count of the messages that v missed for the same reason, or nil if there
// is no good reason.
func (f *fleet) miss(sums *tally, m message, v *counted) *int {
	afterCut := m.at.After(f.cut.Add(-onTheWay))
	switch {
	case m.by.node == 1 && m.at.After(f.killed.Add(-onTheWay)):
		return &sums.killed
	case m.by.node == 2 && v.node != 2 && afterCut && m.at.Before(f.cut.Add(onTheWay)):
		return &sums.fromCut
	case m.by.node != 2 && v.node == 2 && afterCut && m.at.Before(f.healed):
		return &sums.toCut
	}
	return nil
}
