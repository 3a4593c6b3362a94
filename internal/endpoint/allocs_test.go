//go:build !race

package endpoint

import (
	"io"
	"strings"
	"testing"

	"resty.websocket/frame"
)

// TestAllocs sends over TCP to a peer that reads, in steady state: nothing is allocated.
// (The race detector makes a pool forget.)
func TestAllocs(t *testing.T) {
	text := []byte(mixed(200))
	long := []byte(strings.Repeat("all work and no play ", 50)) // is compressed
	for _, test := range []struct {
		name string
		cfg  Config
		send func(c *Conn, m *Prepared) error
	}{
		{"Send", Config{}, func(c *Conn, m *Prepared) error { return c.SendFrame(true, frame.Text, text) }},
		{"Send_NoDelay", Config{NoDelay: true}, func(c *Conn, m *Prepared) error { return c.SendFrame(true, frame.Text, text) }},
		{"Send_masked", Config{Role: frame.Client}, func(c *Conn, m *Prepared) error { return c.SendFrame(true, frame.Text, text) }},
		{"Send_compressed", Config{Deflate: noTakeover}, func(c *Conn, m *Prepared) error { return c.SendFrame(true, frame.Text, long) }},
		{"SendPrepared", Config{}, func(c *Conn, m *Prepared) error { return c.SendPrepared(m) }},
		{"Offer", Config{}, func(c *Conn, m *Prepared) error {
			if err := c.Offer(m); err != nil {
				return err
			}
			return c.Flush() // its goroutine has finished, or has nothing left to do
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newTCPPair(t, test.cfg)
			go io.Copy(io.Discard, p.Conn)
			m := prepare(t, frame.Text, string(text))
			send := func() {
				if err := test.send(c, m); err != nil {
					t.Error(err)
				}
			}
			for range 1000 {
				send()
			}
			if allocs := testing.AllocsPerRun(5000, send); allocs >= 1 {
				t.Errorf("%v allocations each", allocs)
			}
		})
	}
}
