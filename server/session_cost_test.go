//go:build !race

package server

import (
	"io"
	"testing"

	"resty.websocket/frame"
)

// TestSessionAllocatesNothing has a session be woken for each message. (With the race
// detector, pools lose some of what they are given.)
func TestSessionAllocatesNothing(t *testing.T) {
	ts := way{"", Sessions, nil}.start(t, nil, echoing, nil)
	nc := dial(t, ts.Listener.Addr(), "")
	message, answer := []byte(sent(true, frame.Text, "hello")), make([]byte, 7)
	allocs := testing.AllocsPerRun(1000, func() {
		nc.Write(message)
		if _, err := io.ReadFull(nc, answer); err != nil {
			t.Fatal(err)
		}
	})
	if allocs >= 0.5 {
		t.Errorf("%v allocations per message", allocs)
	}
}
