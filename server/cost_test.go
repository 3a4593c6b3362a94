package server

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"resty.websocket/frame"
)

// TestSilentConnections has many clients declare a long frame, send a little
// of it and fall silent.
func TestSilentConnections(t *testing.T) {
	const conns, most = 1000, 12 << 20
	ts := serve(t, nil, echo, nil)
	declared := sent(true, frame.Text, "ready") + sent(true, frame.Binary, strings.Repeat("x", 60000))[:30]
	before := memory()
	clients := make([]net.Conn, conns)
	for i := range clients {
		clients[i] = dial(t, ts.Listener.Addr(), "")
		io.WriteString(clients[i], declared)
	}
	for _, nc := range clients {
		// The answer to what came in the same segment: the rest of it has
		// been read by then.
		if _, err := io.ReadFull(nc, make([]byte, len("\x81\x05ready"))); err != nil {
			t.Fatal(err)
		}
	}
	if cost := int64(memory() - before); cost > most {
		t.Errorf("%d connections cost %d bytes, %d each, want %d at most", conns, cost, cost/conns, most)
	} else {
		t.Logf("%d connections cost %d bytes, %d each, the clients' part included", conns, cost, cost/conns)
	}
}

// memory returns the bytes in use by heap and stacks, without garbage.
func memory() uint64 {
	runtime.GC()
	runtime.GC() // what pools hold goes with the second one
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// TestEchoAllocatesNothing in the steady state.
func TestEchoAllocatesNothing(t *testing.T) {
	for _, opts := range []*Options{{}, {NoDelay: true}, {Timeout: patience}, {Heartbeat: time.Minute}} {
		for _, size := range []int{0, 125, 126, 4096, 8192, 65535} {
			t.Run(fmt.Sprintf("no_delay=%t/timeout=%v/heartbeat=%v/size=%d", opts.NoDelay, opts.Timeout, opts.Heartbeat, size), func(t *testing.T) {
				ts := serve(t, opts, func(c *Conn) {
					for {
						data, typ, err := c.RecvFrame()
						if err != nil || typ != frame.Text {
							return
						}
						c.SendText(data)
					}
				}, nil)
				nc := dial(t, ts.Listener.Addr(), "")
				out := []byte(sent(true, frame.Text, strings.Repeat("x", size)))
				in := make([]byte, len(out)-4)
				if n := allocs(func() {
					nc.Write(out)
					io.ReadFull(nc, in)
				}); n > 0 {
					t.Errorf("%v allocations a message", n)
				}
				nc.Write([]byte(sent(true, frame.Close, "")))
				wantClose(t, nc, 0)
			})
		}
	}
}

// allocs is testing.AllocsPerRun that puts up with a pool which forgets some of
// what it is given, as those of the race detector do.
func allocs(fn func()) float64 {
	least := testing.AllocsPerRun(1, fn)
	for i := 0; i < 100 && least > 0; i++ {
		least = min(least, testing.AllocsPerRun(1, fn))
	}
	return least
}
