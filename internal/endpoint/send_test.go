package endpoint

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// TestSend sends frames of all sizes and kinds: each leaves with one write, and
// the argument stays as it was.
func TestSend(t *testing.T) {
	for _, role := range []frame.Role{frame.Server, frame.Client} {
		for _, n := range []int{0, 1, 125, 126, 8191, 8192, 65535, 65536, 1 << 20} {
			t.Run(fmt.Sprintf("5.2/%v/size=%d", role, n), func(t *testing.T) {
				c, p := newPair(t, Config{Role: role, MaxSendLen: -1, NoDelay: true})
				payload := bytes.Repeat([]byte("payload!"), n/8+1)[:n]
				before := string(payload)
				if err := c.SendFrame(true, frame.Binary, payload); err != nil {
					t.Fatal(err)
				}
				if err := c.SendString(before); err != nil {
					t.Fatal(err)
				}
				if string(payload) != before {
					t.Error("the argument was modified")
				}
				wiretest.Scribble(payload)
				if p.own.Writes() != 2 {
					t.Errorf("%d writes for two frames", p.own.Writes())
				}
				p.want(true, frame.Binary, before)
				p.want(true, frame.Text, before)
			})
		}
	}
}

// TestSendRefused has frames refused: nothing is sent, and the connection goes
// on.
func TestSendRefused(t *testing.T) {
	for _, test := range []struct {
		name string
		send func(c *Conn) error
		want error
	}{
		{"5.2/reserved_opcode", func(c *Conn) error { return c.SendFrame(true, 3, nil) }, frame.ErrSendFrame},
		{"5.4/nothing_to_continue", func(c *Conn) error { return c.SendFrame(true, frame.Continuation, nil) }, frame.ErrSendFrame},
		{"5.5/fragmented_control_frame", func(c *Conn) error { return c.SendFrame(false, frame.Ping, nil) }, frame.ErrSendFrame},
		{"5.5/control_frame_of_126_bytes", func(c *Conn) error { return c.SendFrame(true, frame.Pong, make([]byte, 126)) }, frame.ErrSendFrame},
		{"5.6/text_that_is_not_utf8", func(c *Conn) error { return c.SendString("\xff") }, frame.ErrSendText},
		{"7.4/status_code", func(c *Conn) error { return c.SendClose(1005, "") }, frame.ErrSendStatusCode},
		{"10.4/payload", func(c *Conn) error { return c.SendFrame(true, frame.Binary, make([]byte, 1001)) }, frame.ErrSendTooLong},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newPair(t, Config{MaxSendLen: 1000})
			if err := test.send(c); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
			wantFatal(t, c, nil)
			if err := c.SendString("goes on"); err != nil {
				t.Error(err)
			}
			c.CloseNow()
			p.want(true, frame.Text, "goes on")
			p.wantEnd()
		})
	}
}

// TestSendFragments sends a message in fragments with a control frame between.
func TestSendFragments(t *testing.T) {
	c, p := newPair(t, Config{})
	c.SendFrame(false, frame.Text, []byte("one"))
	if err := c.SendFrame(true, frame.Text, nil); !errors.Is(err, frame.ErrSendFrame) {
		t.Errorf("a message inside a message: %v", err)
	}
	c.SendFrame(true, frame.Ping, []byte("ping"))
	c.SendFrame(true, frame.Continuation, []byte("two"))
	p.want(false, frame.Text, "one")
	p.want(true, frame.Ping, "ping")
	p.want(true, frame.Continuation, "two")
}

// TestSendersDoNotMix has goroutines send through a connection that takes a
// few bytes at a time, while it receives.
func TestSendersDoNotMix(t *testing.T) {
	for _, transport := range []struct {
		name string
		pair func(t *testing.T, cfg Config) (*Conn, *peer)
		step int // by which a sender's frames become longer
	}{
		{"memory", newPair, 10},
		{"tcp", newTCPPair, 400}, // some of them vectored
	} {
		t.Run(transport.name, func(t *testing.T) {
			const senders, frames = 8, 50
			c, p := transport.pair(t, Config{})
			if p.own != nil {
				p.own.SetWriteBuffer(7)
			}
			var wg sync.WaitGroup
			for i := range senders {
				wg.Go(func() {
					for j := range frames {
						if err := c.SendString(strings.Repeat(string(rune('a'+i)), 1+j*transport.step)); err != nil {
							t.Errorf("SendString: %v", err)
						}
					}
				})
			}
			wg.Go(func() {
				for range frames {
					wantFrame(t, c, "meanwhile", frame.Text, nil)
				}
				c.Flush() // no receiver comes any more to do that
			})
			wg.Go(func() {
				for range frames {
					p.send(true, frame.Text, "meanwhile")
				}
			})
			got := map[byte]int{}
			for range senders * frames {
				f, err := p.recv()
				if err != nil {
					t.Fatal(err)
				}
				sender, j := f.Payload[0], got[f.Payload[0]]
				if want := bytes.Repeat([]byte{sender}, 1+j*transport.step); !bytes.Equal(f.Payload, want) {
					t.Fatalf("frame %d of %c is %.40q of %d bytes", j, sender, f.Payload, len(f.Payload))
				}
				got[sender]++
			}
			wg.Wait()
		})
	}
}
