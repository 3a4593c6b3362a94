//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"net"
	"runtime"
	"testing"
	"time"
)

// TestManyEvents has more events come than a poller takes from the kernel at once, while it
// is busy. It tells of all of them.
func TestManyEvents(t *testing.T) {
	const conns = 2*batchLen + 50
	all, peers := make([]*Conn, conns), make([]net.Conn, conns)
	for i := range all {
		all[i], peers[i] = pair(t, "tcp")
	}
	release := map[*poller]func(){}
	for _, c := range all {
		if p := pollerOf(int(c.fd)); release[p] == nil {
			release[p] = stopPoller(t, c)
		}
	}
	woken := make(chan bool, conns)
	for i, c := range all {
		park(t, c, waker(woken))
		if _, err := peers[i].Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	for _, release := range release {
		release()
	}
	for i := range conns {
		select {
		case <-woken:
		case <-time.After(20 * time.Second):
			t.Fatalf("%d of %d are woken", i, conns)
		}
	}
}

// A waker is a Parker that tells of each wake.
type waker chan bool

func (w waker) Wake() { w <- true }

// TestPollerGoesOn has a poller get a Conn again before its goroutine has seen that there
// was none. The goroutine goes on, and is not joined by another.
func TestPollerGoesOn(t *testing.T) {
	q, err := newQueue()
	if err != nil {
		t.Fatal(err)
	}
	p := &poller{queue: q, running: true, open: 1}
	before := runtime.NumGoroutine()
	p.start()
	if n := runtime.NumGoroutine(); n > before {
		t.Error("another goroutine has begun")
	}
	p.open = 0
	if p.goesOn() || p.running {
		t.Error("the goroutine does not end")
	}
}
