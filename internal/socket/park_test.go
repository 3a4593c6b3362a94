//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// An echoer serves a Conn without a goroutine while there is nothing to read.
type echoer struct {
	c      *Conn
	parked atomic.Bool
	serves atomic.Int32
	done   chan error // the error that ended it; it is sent once
	buf    [700]byte
}

// Wake implements Parker.
func (e *echoer) Wake() {
	if !e.parked.CompareAndSwap(true, false) {
		panic("woken without being parked, or twice")
	}
	go e.serve()
}

// serve echoes until c is parked.
func (e *echoer) serve() {
	if e.serves.Add(1) != 1 {
		panic("two goroutines serve")
	}
	for {
		n, err := e.c.TryRead(e.buf[:1+rand.IntN(len(e.buf))])
		switch {
		case err == ErrWouldBlock:
			e.serves.Add(-1)
			e.parked.Store(true)
			if e.c.Park(e) {
				return
			}
			e.parked.Store(false)
			e.serves.Add(1)
		case err != nil:
			e.done <- err
			return
		default:
			if _, err := e.c.Write(e.buf[:n]); err != nil {
				e.done <- err
				return
			}
		}
	}
}

// TestParkEcho has parked Conns echo what comes in parts of all lengths. A wake that is
// lost hangs, and one too many panics.
func TestParkEcho(t *testing.T) {
	const conns, size = 20, 300_000
	want := pattern(size)
	for _, network := range networks {
		var all sync.WaitGroup
		for range conns {
			c, peer := pair(t, network)
			e := &echoer{c: c, done: make(chan error, 1)}
			go e.serve()
			all.Go(func() {
				for left := want; len(left) > 0; {
					n := min(len(left), 1+rand.IntN(1000))
					peer.Write(left[:n])
					left = left[n:]
				}
				peer.(interface{ CloseWrite() error }).CloseWrite()
			})
			all.Go(func() {
				got := make([]byte, size)
				if _, err := io.ReadFull(peer, got); err != nil || string(got) != string(want) {
					t.Errorf("%s: the echo is another, %v", network, err)
				}
				if err := <-e.done; err != io.EOF {
					t.Errorf("%s: it ends with %v, want EOF", network, err)
				}
			})
		}
		all.Wait()
	}
}

// TestParkClose closes Conns at any moment. Each is served to its end exactly once.
func TestParkClose(t *testing.T) {
	const rounds = 500
	var all sync.WaitGroup
	for range rounds {
		c, peer := pair(t, "tcp")
		e := &echoer{c: c, done: make(chan error, 2)}
		go e.serve()
		all.Go(func() { peer.Write([]byte("Hello")) })
		all.Go(func() {
			for range rand.IntN(20) {
				runtime.Gosched()
			}
			c.Close()
		})
		if err := <-e.done; !errors.Is(err, net.ErrClosed) {
			t.Fatalf("it ends with %v", err)
		}
		all.Wait()
		if len(e.done) > 0 || e.parked.Load() {
			t.Fatal("it is served to its end twice, or is parked still")
		}
		peer.Close()
	}
}

// TestParkTwice has a second Parker, of which Park cannot keep the promise.
func TestParkTwice(t *testing.T) {
	c, _ := pair(t, "tcp")
	tryWouldBlock(t, c)
	stopPoller(t, c)()
	var first, second counter
	park(t, c, &first)
	var waits sync.WaitGroup
	waits.Go(func() { c.AwaitRead() })
	awaitWaiting(c, readLate, 1) // in front of it
	func() {
		defer func() { recover() }()
		c.Park(&second)
		t.Error("parked twice")
	}()
	c.Close()
	waits.Wait()
	if first.woken.Load() != 1 || second.woken.Load() != 0 {
		t.Errorf("woken %d and %d times", first.woken.Load(), second.woken.Load())
	}
}
