package server

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"resty.websocket/frame"
)

// In TestManySenders, so many goroutines send so many messages each.
const senders, each = 8, 100

// TestManySenders has several goroutines send at once, large frames and small
// ones, while another receives. None is mixed with another, and each goroutine's
// are in order.
func TestManySenders(t *testing.T) {
	for _, tt := range []struct {
		name string
		opts *Options
	}{
		{"6.1/joined", nil},
		{"6.1/no_delay", &Options{NoDelay: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			eachPair(t, tt.opts, func(t *testing.T, c *Conn, nc *net.TCPConn) {
				var all sync.WaitGroup
				for s := range senders {
					all.Go(func() { sendMessages(t, c, s) })
				}
				all.Go(func() { receiveMeanwhile(t, c) })
				all.Go(func() {
					for range each {
						io.WriteString(nc, sent(true, frame.Text, "meanwhile"))
					}
				})
				checkMessages(t, nc)
				all.Wait()
			})
		})
	}
}

func sendMessages(t *testing.T, c *Conn, sender int) {
	for i := range each {
		if err := c.SendString(message(sender, i)); err != nil {
			t.Errorf("sender %d: %v", sender, err)
			return
		}
	}
}

func receiveMeanwhile(t *testing.T, c *Conn) {
	for range each {
		if data, _, err := c.RecvFrame(); string(data) != "meanwhile" || err != nil {
			t.Errorf("received %q, %v", data, err)
			return
		}
	}
}

// checkMessages reads what all senders send.
func checkMessages(t *testing.T, nc io.Reader) {
	t.Helper()
	r := frame.NewReader(nc, frame.Client, 0)
	var next [senders]int
	for range senders * each {
		f, err := r.ReadFrame()
		if err != nil {
			t.Fatal(err)
		}
		var s, i int
		fmt.Sscan(string(f.Payload), &s, &i)
		if string(f.Payload) != message(s, i) || next[s] != i {
			t.Fatalf("%.40q, want number %d of sender %d", f.Payload, next[s], s)
		}
		next[s]++
	}
}

// message is what a sender sends as its i-th message.
func message(sender, i int) string {
	return fmt.Sprintf("%d %d ", sender, i) + strings.Repeat(string(rune('a'+sender)), i*i*3)
}
