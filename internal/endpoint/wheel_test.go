package endpoint

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/internal/wiretest"
)

// A member is visited by a wheel. Its function returns when to be visited again.
type member struct {
	spoke
	then func(t uint32) uint32
}

func (m *member) visit(t uint32) uint32 { return m.then(t) }

// newMember returns a member of the wheel with the given period.
func newMember(period time.Duration, then func(t uint32) uint32) *member {
	m := &member{then: then}
	m.of = m
	m.joinAgain(period)
	return m
}

func (m *member) joinAgain(period time.Duration) {
	wheels.mu.Lock()
	defer wheels.mu.Unlock()
	m.join(period)
}

// shareWheel moves the members, each of which has joined a wheel of its own in a bubble,
// to the wheel of the first.
func shareWheel(members []*member) {
	wheels.mu.Lock()
	defer wheels.mu.Unlock()
	w := members[0].wheel
	for _, m := range members[1:] {
		m.remove()
		m.wheel = w
		w.put(&m.spoke, w.ticks)
		w.members++
	}
}

// wantNoWheel checks that there is no wheel, and thus no goroutine and no timer. That of
// windows may have some of earlier tests' connections, which were not closed.
func wantNoWheel(t *testing.T) {
	t.Helper()
	wheels.mu.Lock()
	defer wheels.mu.Unlock()
	for period, w := range wheels.of {
		if period != idleTime {
			t.Errorf("a wheel of %v has %d members", period, w.members)
		}
	}
}

// TestWheelVisits has members come back after different numbers of ticks, for three turns
// of the wheel, during which the clock wraps around.
func TestWheelVisits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const period = time.Second
		visits := make([]int, wheelSlots)
		var members []*member
		for every := uint32(1); every < wheelSlots; every++ {
			members = append(members, newMember(period, func(uint32) uint32 {
				visits[every]++
				return every
			}))
		}
		shareWheel(members)
		w := members[0].wheel
		wheels.mu.Lock()
		for _, m := range members {
			w.take(&m.spoke)
		}
		w.clock.Store(0xffff_ff00)
		for _, m := range members {
			w.put(&m.spoke, w.ticks)
		}
		wheels.mu.Unlock()
		const ticks = 3 * wheelSlots
		<-time.After(ticks*w.tick + w.tick/2)
		for _, m := range members {
			m.leave()
		}
		for every := 1; every < wheelSlots; every++ {
			if want := 1 + (ticks-ticksPerPeriod)/every; visits[every] != want {
				t.Errorf("%d visits of a member that is due every %d ticks, want %d", visits[every], every, want)
			}
		}
	})
}

// TestWheelPeriods has members of different periods be visited a period after they have
// joined.
func TestWheelPeriods(t *testing.T) {
	for _, period := range []time.Duration{1, time.Millisecond, 10 * time.Millisecond, 99 * time.Millisecond, time.Second, 30*time.Second + 1, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			visited := make(chan time.Duration)
			newMember(period, func(uint32) uint32 {
				visited <- time.Since(start)
				return 0
			})
			if took := <-visited; took < period || took > period+max(period/ticksPerPeriod, minTick) {
				t.Errorf("visited after %v, want %v and a tick at most", took, period)
			}
		})
	}
}

// TestWheelLateClock stops the process, which a visit does that takes an hour. The others
// are told of one tick.
func TestWheelLateClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const period = time.Second
		var at []uint32
		var when []time.Time
		sleeper := newMember(period, func(uint32) uint32 {
			<-time.After(time.Hour)
			return 0
		})
		other := newMember(period, func(t uint32) uint32 {
			at, when = append(at, t), append(when, time.Now())
			return 1
		})
		shareWheel([]*member{sleeper, other})
		<-time.After(time.Hour + time.Minute)
		other.leave()
		for i := range at[1:] {
			if passed := when[i+1].Sub(when[i]); at[i+1] != at[i]+1 || passed < 15*time.Millisecond {
				t.Fatalf("visit %d is %d ticks and %v after the one before", i+1, at[i+1]-at[i], passed)
			}
		}
	})
}

// TestWheelsOutside has members of three periods join and leave from many goroutines, and
// some be away when their visit would be due. Nothing is left behind.
func TestWheelsOutside(t *testing.T) {
	wiretest.NoLeaks(t)
	periods := []time.Duration{time.Millisecond, 10 * time.Millisecond, time.Hour}
	var seen atomic.Int32
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			var members []*member
			for j := range 1000 {
				members = append(members, newMember(periods[(i+j)%3], func(uint32) uint32 {
					seen.Add(1)
					return uint32(j % 3) // 0: it leaves by itself
				}))
			}
			for <-time.After(50 * time.Millisecond); seen.Load() == 0; <-time.After(time.Millisecond) {
			}
			for _, m := range members {
				m.leave()
				m.leave()
			}
		})
	}
	group.Wait()
	wantNoWheel(t)
}

// TestWheelJoinsAgainWhileSeen has a member leave and join again during its own visit.
// The result of the visit does not count then.
func TestWheelJoinsAgainWhileSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const period = time.Second
		visits := 0
		m := new(member)
		m.of = m
		m.then = func(uint32) uint32 {
			visits++
			m.leave()
			if visits < 3 {
				m.joinAgain(period)
				return 0
			}
			return 1
		}
		m.joinAgain(period)
		<-time.After(time.Minute)
		synctest.Wait()
		if visits != 3 {
			t.Errorf("%d visits, want 3", visits)
		}
	})
}

// TestWheelOfABubble has bubbles that know nothing of each other, nor of the world
// outside, where a wheel has the same period.
func TestWheelOfABubble(t *testing.T) {
	const period = 20 * time.Millisecond
	if inBubble() {
		t.Fatal("this is no bubble")
	}
	seen := make(chan bool, 1)
	outside := newMember(period, func(uint32) uint32 {
		select {
		case seen <- true:
		default:
		}
		return 1
	})
	for range 3 {
		synctest.Test(t, func(t *testing.T) {
			if !inBubble() {
				t.Fatal("this is a bubble")
			}
			seen := make(chan bool)
			newMember(period, func(uint32) uint32 {
				seen <- true
				return 1
			})
			for range 100 {
				<-seen
			}
		})
	}
	<-seen
	outside.leave()
	wantNoWheel(t)
}
