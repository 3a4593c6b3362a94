package server

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// wantWorkersGone checks that no worker, and no session, is left of those that were.
func wantWorkersGone(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		serving.mu.Lock()
		gone := serving.sessions == 0 && serving.idle == 0 && !serving.coming && serving.first == nil
		serving.mu.Unlock()
		if gone {
			return
		}
		runtime.Gosched()
	}
	serving.mu.Lock()
	defer serving.mu.Unlock()
	t.Errorf("%d sessions, %d idle workers, coming: %v, some wait: %v", serving.sessions, serving.idle, serving.coming, serving.first != nil)
}

// Clients send messages in bursts of all lengths, some of which block others' workers for a
// moment, while the number of processors changes. Each message is served once, in its
// order, and by one goroutine at a time.
func TestSessionsServeEachMessageOnce(t *testing.T) {
	const conns, messages = 40, 500
	wiretest.NoLeaks(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	ts := way{"", Sessions, nil}.start(t, nil, func(c *Conn) Session {
		next, serves := 0, new(atomic.Int32)
		return script{func(data []byte, _ frame.Opcode) {
			if serves.Add(1) != 1 {
				t.Error("two goroutines serve a session")
			}
			if len(data) != next%50 {
				t.Errorf("message %d has %d bytes", next, len(data))
			}
			if next++; rand.IntN(20) == 0 {
				for range rand.IntN(100) {
					runtime.Gosched()
				}
			}
			serves.Add(-1)
			if next%100 == 0 {
				c.SendString("so far")
			}
		}, func(error) {
			if next != messages || serves.Load() != 0 {
				t.Errorf("%d messages were served, want %d", next, messages)
			}
		}}
	}, nil)
	var all sync.WaitGroup
	for range conns {
		nc := dial(t, ts.Listener.Addr(), "")
		all.Go(func() {
			r := frame.NewReader(nc, frame.Client, -1)
			for next := 0; next < messages; {
				var burst strings.Builder
				for range 1 + rand.IntN(8) {
					burst.WriteString(sent(true, frame.Text, string(make([]byte, next%50))))
					if next++; next%100 == 0 {
						break
					}
				}
				io.WriteString(nc, burst.String())
				if next%100 == 0 { // all of them are served, and the session is parked soon
					wantFrame(t, r, frame.Text, "so far")
					runtime.GOMAXPROCS(1 + rand.IntN(4))
				}
			}
			io.WriteString(nc, sent(true, frame.Close, ""))
			wantFrame(t, r, frame.Close, "")
			io.Copy(io.Discard, nc)
		})
	}
	all.Wait()
	wantWorkersGone(t)
}

// While a worker is on its way, no further one is called: these sessions could not be served.
func TestWorkersCallOne(t *testing.T) {
	w := newWorkers()
	w.coming = true
	var all [3]session
	for i := range all {
		w.wake(&all[i])
	}
	for i := range all {
		if s := w.take(); s != &all[i] || s.next != nil {
			t.Errorf("session %d is not taken in its turn", i)
		}
	}
	if w.first != nil {
		t.Error("a session is left")
	}
}

// When many Messages have blocked at once, no more workers stay than there are processors,
// and with the last session they end.
func TestWorkersLeave(t *testing.T) {
	wiretest.NoLeaks(t)
	const blocked = 30
	var inside sync.WaitGroup
	inside.Add(blocked)
	enough := make(chan bool)
	ts := way{"", Sessions, nil}.start(t, nil, func(c *Conn) Session {
		return script{message: func(data []byte, typ frame.Opcode) {
			inside.Done()
			<-enough
			c.SendMessage(typ, data)
		}}
	}, nil)
	var conns []*net.TCPConn
	for range blocked {
		conns = append(conns, dial(t, ts.Listener.Addr(), sent(true, frame.Text, "block")))
	}
	inside.Wait()
	close(enough)
	for _, nc := range conns {
		wantFrame(t, frame.NewReader(nc, frame.Client, -1), frame.Text, "block")
	}
	workers := func() (n int) {
		buf := make([]byte, 1<<20)
		for stack := range bytes.SplitSeq(buf[:runtime.Stack(buf, true)], []byte("\n\n")) {
			if bytes.Contains(stack, []byte("server.(*workers).work")) {
				n++
			}
		}
		return n
	}
	for deadline := time.Now().Add(patience); workers() > runtime.GOMAXPROCS(0)+1 && time.Now().Before(deadline); {
		runtime.Gosched()
	}
	if n := workers(); n > runtime.GOMAXPROCS(0)+1 || n == 0 {
		t.Errorf("%d workers stay", n)
	}
	for _, nc := range conns {
		nc.Close()
	}
}
