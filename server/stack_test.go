//go:build !race

package server

import (
	"io"
	"runtime"
	"testing"
	"time"

	"resty.websocket/frame"
)

// TestStack has connections wait after an echo each. The stack of a goroutine
// begins with 2 KiB and doubles when that is too small: it must not be, for the
// Recv and Send calls of a function that itself takes little. (The race detector
// makes every function take more.)
func TestStack(t *testing.T) {
	const conns, most = 600, 2300
	for _, tt := range []struct {
		name string
		opts *Options
		fn   func(*Conn)
	}{
		{"RecvFrame", nil, echoFrames},
		{"RecvMessage", nil, echoMessages},
		{"AppendMessage", nil, echoAppended},
		{"NoDelay", &Options{NoDelay: true}, echoMessages},
		{"counting", nil, echoCounting},
		{"heartbeat", &Options{Heartbeat: time.Minute}, echoMessages},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ts := serve(t, tt.opts, tt.fn, nil)
			echoed := make([]byte, len("\x81\x05Hello"))
			connect := func() {
				nc := dial(t, ts.Listener.Addr(), "")
				for range 2 { // before the second, it has waited
					io.WriteString(nc, sent(true, frame.Text, "Hello"))
					if _, err := io.ReadFull(nc, echoed); err != nil {
						t.Fatal(err)
					}
				}
			}
			for range conns { // so that the runtime has stacks of the past to give
				connect()
			}
			before := stacks()
			for range conns {
				connect()
			}
			each := (stacks() - before) / conns
			t.Logf("%d bytes each", each)
			if each > most {
				t.Errorf("%d bytes each, want at most %d", each, most)
			}
		})
	}
}

func echoFrames(c *Conn) {
	for {
		data, _, err := c.RecvFrame()
		if err != nil || c.SendText(data) != nil {
			return
		}
	}
}

func echoMessages(c *Conn) {
	for {
		data, typ, err := c.RecvMessage()
		if err != nil || c.SendMessage(typ, data) != nil {
			return
		}
	}
}

func echoAppended(c *Conn) {
	var message []byte
	for {
		data, typ, err := c.AppendMessage(message[:0])
		if err != nil || c.SendMessage(typ, data) != nil {
			return
		}
		message = data
	}
}

// echoCounting takes some stack itself, as functions do that are more than an example.
func echoCounting(c *Conn) {
	var lengths [16]int
	for {
		data, typ, err := c.RecvFrame()
		if err != nil {
			return
		}
		lengths[len(data)%len(lengths)]++
		if reply(c, typ, data, &lengths) != nil {
			return
		}
	}
}

//go:noinline
func reply(c *Conn, typ frame.Opcode, data []byte, lengths *[16]int) error {
	if lengths[0] > len(data) {
		return nil
	}
	switch typ {
	case frame.Text:
		return c.SendText(data)
	case frame.Binary:
		return c.SendBinary(data)
	}
	return nil
}

// stacks returns the bytes of all goroutines' stacks.
func stacks() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.StackInuse)
}
