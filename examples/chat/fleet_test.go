package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

var (
	duration = flag.Duration("duration", 15*time.Second, "how long the clients of TestFleet talk, 15s or more")
	clients  = flag.Int("clients", 200, "how many clients TestFleet has")
)

const (
	roomCount = 10
	sayEvery  = 100 * time.Millisecond // in each room
	cutFor    = 5 * time.Second
)

// TestFleet has clients talk in ten rooms on three nodes. Node 2 is cut off for five seconds,
// and later node 1 is killed. Every message is counted at every client:
//
//	go test -run TestFleet -v -duration 60s -clients 1000
func TestFleet(t *testing.T) {
	f := newFleet(t)
	f.enter()
	f.warmUp()
	f.talk(func() {
		f.pause(*duration / 5)
		f.cutOff()
		f.pause(*duration / 5)
		f.kill()
		f.pause(max(*duration-2**duration/5-cutFor, 4*time.Second)) // the others go on after two
	})
	f.pause(2 * time.Second) // in which messages are accepted or refused
	f.sayLast()
	f.check()
}

// A fleet is three nodes, with clients in rooms that are on all of them.
type fleet struct {
	t        *testing.T
	nodes    [3]*node
	link     *link // between node 2 and the others
	visitors []*counted

	mu       sync.Mutex
	said     map[string]message
	cut      time.Time // when node 2 was cut off
	restored time.Time // when the link was there again
	healed   time.Time // when node 2 took messages again
	killed   time.Time // when node 1 was killed
}

// A message is something that was said.
type message struct {
	by *counted
	at time.Time
}

func newFleet(t *testing.T) *fleet {
	f := &fleet{t: t, link: newLink(t), said: make(map[string]message)}
	f.nodes[2] = begin(t, "-quorum", "2", "-cluster", "127.0.0.1:0", "-advertise", f.link.addr)
	f.link.open(f.nodes[2].embedded.ClusterAddr().String())
	for i := range 2 { // they find each other through node 2
		f.nodes[i] = begin(t, "-quorum", "2", "-cluster", "127.0.0.1:0", "-routes", "nats://"+f.link.addr)
	}
	for _, n := range f.nodes {
		n.healthy(t, 3)
	}
	return f
}

// enter has the clients enter the rooms.
func (f *fleet) enter() {
	for i := range *clients {
		v := &counted{room: i % roomCount, node: i / roomCount % 3, refused: make(map[string]bool)}
		v.visitor = enter(f.t, f.nodes[v.node], fmt.Sprint("room ", v.room), fmt.Sprint(i))
		f.visitors = append(f.visitors, v)
		go v.listen(f)
	}
}

// warmUp waits until the nodes' servers know which rooms the others have.
func (f *fleet) warmUp() {
	round := 0
	await(f.t, "round in which all hear all", func() bool {
		round++
		for i, v := range f.visitors[:3*roomCount] { // one of each room and node
			v.say(fmt.Sprint("warm-up ", round, " ", i))
		}
		f.pause(300 * time.Millisecond)
		for _, v := range f.visitors {
			if v.heard(fmt.Sprint("warm-up ", round, " ")) < 3 {
				return false
			}
		}
		return true
	})
}

// talk has someone say something in each room again and again until fn returns.
func (f *fleet) talk(fn func()) {
	done := make(chan struct{})
	var rooms sync.WaitGroup
	for room := range roomCount {
		rooms.Go(func() {
			ticker := time.NewTicker(sayEvery)
			defer ticker.Stop()
			for i := 0; ; i++ {
				select {
				case <-ticker.C:
					f.say(f.anyone(room), fmt.Sprint(room, "-", i))
				case <-done:
					return
				}
			}
		})
	}
	fn()
	close(done)
	rooms.Wait()
}

// anyone returns a client in the room, of a node that is alive.
func (f *fleet) anyone(room int) *counted {
	for {
		v := f.visitors[rand.IntN(len(f.visitors)/roomCount)*roomCount+room]
		if f.alive(v.node) {
			return v
		}
	}
}

func (f *fleet) say(v *counted, text string) {
	f.mu.Lock()
	f.said[text] = message{by: v, at: time.Now()}
	f.mu.Unlock()
	if err := v.wb.SendString(text); err != nil && f.alive(v.node) {
		f.t.Error(err)
	}
}

// sayLast says something in each room that has its place behind all else, and waits until
// all clients have got it.
func (f *fleet) sayLast() {
	for _, v := range f.visitors[:roomCount] { // of node 0
		f.say(v, "last")
	}
	await(f.t, "last message everywhere", func() bool {
		for _, v := range f.visitors {
			if f.alive(v.node) && v.heard("last") == 0 {
				return false
			}
		}
		return true
	})
}

func (f *fleet) cutOff() {
	f.mark(&f.cut)
	f.link.cut()
	f.pause(cutFor)
	if err := f.nodes[2].bus.fault(); err == nil {
		f.t.Error("node 2 is cut off, and takes messages")
	}
	f.mark(&f.restored)
	f.link.open(f.nodes[2].embedded.ClusterAddr().String())
	for _, n := range f.nodes {
		n.healthy(f.t, 3)
	}
	f.mark(&f.healed)
}

func (f *fleet) kill() {
	f.mark(&f.killed)
	f.nodes[1].kill()
}

// alive reports whether the node was not killed.
func (f *fleet) alive(node int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return node != 1 || f.killed.IsZero()
}

func (f *fleet) mark(t *time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	*t = time.Now()
}

func (f *fleet) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-f.t.Context().Done():
	}
}
