package endpoint

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// ticksPerPeriod is how many ticks a wheel has in its period, so that what is due in
	// a period is spread over it.
	ticksPerPeriod = 64
	// minTick is the shortest tick.
	minTick = time.Millisecond
	// wheelSlots is how many ticks ahead of the clock a visit may be.
	wheelSlots = 2 * ticksPerPeriod
)

// A wheel visits its members, each at a tick of its own, from one goroutine at a time.
// Between two ticks it has no goroutine, and without members no timer.
//
// The clock counts ticks and not time. If the process was stopped, or visits take longer
// than a tick, the clock is late: a member that is told that so many ticks have passed
// has had the time to run in each of them.
type wheel struct {
	clock  atomic.Uint32 // ticks so far; begins anywhere, and wraps around
	period time.Duration
	tick   time.Duration
	ticks  uint32 // in a period

	slots   [wheelSlots]*spoke // by the tick at which their members are visited
	members int
	timer   *time.Timer
	due     instant // of the next tick
}

// A spoke is the place of a member in a wheel. It may be moved to another wheel.
type spoke struct {
	wheel *wheel  // the last one that it joined
	of    visited // the member
	prev  *spoke
	next  *spoke
	slot  uint8
	state spokeState
}

// A visited is a member of a wheel.
type visited interface {
	// visit does what is due at tick t. It returns in how many ticks the next visit is
	// due, less than wheelSlots, or 0 if the member leaves.
	visit(t uint32) (next uint32)
}

type spokeState uint8

const (
	away      spokeState = iota // in no wheel
	inSlot                      // waits for its visit
	beingSeen                   // is visited
)

// wheels are the wheels that have members, by their periods. The mutex guards them and
// all spokes. It is held for a few instructions at a time, and not while a member is
// visited.
var wheels = struct {
	mu sync.Mutex
	of map[time.Duration]*wheel
}{of: make(map[time.Duration]*wheel)}

func newWheel(period time.Duration) *wheel {
	tick := max(period/ticksPerPeriod, minTick)
	w := &wheel{period: period, tick: tick, ticks: uint32((period + tick - 1) / tick)}
	w.clock.Store(rand.Uint32())
	return w
}

// inBubble reports whether the caller runs in a bubble of testing/synctest, where times
// have no reading of the monotonic clock. A timer must not be shared by two bubbles, or by
// a bubble and the world outside. Members that join in a bubble have a wheel each.
func inBubble() bool {
	t := time.Now()
	return t == t.Round(0)
}

// begin is join for a caller without wheels.mu.
func (s *spoke) begin(period time.Duration) {
	wheels.mu.Lock()
	defer wheels.mu.Unlock()
	s.join(period)
}

// leave ends the membership, if there is one.
func (s *spoke) leave() {
	wheels.mu.Lock()
	defer wheels.mu.Unlock()
	s.remove()
}

// The methods below are called with wheels.mu held.

// join makes s, which is away, a member of the wheel with the given period. It is
// visited after a period.
func (s *spoke) join(period time.Duration) {
	w := wheels.of[period]
	switch {
	case inBubble():
		w = newWheel(period)
	case w == nil:
		w = newWheel(period)
		wheels.of[period] = w
	}
	s.wheel = w
	w.put(s, w.ticks)
	if w.members++; w.members == 1 {
		w.due = after(w.tick)
		w.timer = time.AfterFunc(w.tick, w.turn)
	}
}

// put has s visited in so many ticks.
func (w *wheel) put(s *spoke, ticks uint32) {
	s.state = inSlot
	s.slot = uint8((w.clock.Load() + ticks) % wheelSlots)
	first := &w.slots[s.slot]
	s.prev, s.next = nil, *first
	if *first != nil {
		(*first).prev = s
	}
	*first = s
}

// take takes s out of its slot.
func (w *wheel) take(s *spoke) {
	if s.prev != nil {
		s.prev.next = s.next
	} else {
		w.slots[s.slot] = s.next
	}
	if s.next != nil {
		s.next.prev = s.prev
	}
	s.prev, s.next = nil, nil
}

// remove ends the membership, if there is one. A wheel that has lost its last member is
// not used again.
func (s *spoke) remove() {
	w := s.wheel
	switch s.state {
	case away:
		return
	case inSlot:
		w.take(s)
	}
	s.state = away
	if w.members--; w.members > 0 {
		return
	}
	w.timer.Stop()
	if wheels.of[w.period] == w {
		delete(wheels.of, w.period)
	}
}

// turn advances the clock by a tick, and visits the members whose time has come.
func (w *wheel) turn() {
	wheels.mu.Lock()
	defer wheels.mu.Unlock()
	t := w.clock.Add(1)
	for s := w.slots[t%wheelSlots]; s != nil; s = w.slots[t%wheelSlots] {
		w.take(s)
		s.state = beingSeen
		w.see(s, t)
	}
	if w.members > 0 {
		w.goOn()
	}
}

// see visits s, without the mutex. Meanwhile s may leave, and join again.
func (w *wheel) see(s *spoke, t uint32) {
	wheels.mu.Unlock()
	next := s.of.visit(t)
	wheels.mu.Lock()
	switch {
	case s.state != beingSeen:
	case next == 0:
		s.remove()
	default:
		w.put(s, next)
	}
}

// goOn sets the timer for the next tick: at its time, or in a whole tick if that has
// passed.
func (w *wheel) goOn() {
	w.due += instant(w.tick)
	if passed(w.due) {
		w.due = after(w.tick)
	}
	w.timer.Reset(until(w.due))
}
