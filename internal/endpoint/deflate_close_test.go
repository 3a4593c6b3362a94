package endpoint

import (
	"strings"
	"sync"
	"testing"

	"resty.websocket/frame"
)

// TestWindowsAreGivenUp ends a connection that has a window in both directions,
// in each way there is. Messages that are compressed and inflated afterwards must not
// refer to those before.
func TestWindowsAreGivenUp(t *testing.T) {
	message := strings.Repeat("all work and no play ", 50)
	for name, end := range map[string]func(c *Conn, p *peer){
		"CloseNow": func(c *Conn, p *peer) {},
		"7.1.1/close": func(c *Conn, p *peer) {
			p.sendClose(frame.StatusNormalClosure, "")
			c.Close(frame.StatusNormalClosure)
		},
		"7.1.1/close_of_the_peer": func(c *Conn, p *peer) {
			p.sendClose(frame.StatusNormalClosure, "")
			c.RecvMessage()
			c.Close(frame.StatusNormalClosure)
		},
		"7.1.5/end_of_tcp": func(c *Conn, p *peer) { p.Close(); c.RecvMessage() },
		"7.1.7/does_not_inflate": func(c *Conn, p *peer) {
			p.sendBytes(p.compressed(true, frame.Text, "\xff\xff\xff"))
			c.RecvMessage()
		},
		"7.1.7/inside_a_message": func(c *Conn, p *peer) {
			p.sendBytes(p.compressed(false, frame.Text, helloAgain[:1]))
			p.send(true, frame.Text, "")
			c.RecvMessage()
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, p := newPair(t, Config{Deflate: takeover})
			p.sendBytes(p.compressed(true, frame.Text, helloFixed))
			wantMessage(t, c, "Hello", frame.Text)
			if err := c.SendFrame(true, frame.Text, []byte(message)); err != nil {
				t.Fatal(err)
			}
			end(c, p)
			c.CloseNow()
			first, _ := c.send.deflation.compressor.Compress(nil, []byte(message))
			again, _ := c.send.deflation.compressor.Compress(nil, []byte(message))
			if string(again) != string(first) {
				t.Errorf("%d bytes and then %d: the compressor has kept its window", len(first), len(again))
			}
			if data, err := c.recv.inflation.decompressor.Decompress(nil, []byte(helloAgain), -1); err == nil {
				t.Errorf("%q: the decompressor has kept its window", data)
			}
			scribbleSlabs(t)
		})
	}
}

// TestCloseWhileCompressing closes a connection on which others compress and
// inflate. It is for the race detector, and to see that all of it ends.
func TestCloseWhileCompressing(t *testing.T) {
	message := []byte(mixed(100_000))
	for name, end := range map[string]func(c *Conn){
		"Close":    func(c *Conn) { c.Close(frame.StatusGoingAway) },
		"CloseNow": func(c *Conn) { c.CloseNow() },
	} {
		t.Run(name, func(t *testing.T) {
			d := takeover
			own, other := tcpPipe(t)
			a := New(own, &Config{Deflate: d, MaxPayloadLen: -1}, nil)
			b := New(other, &Config{Deflate: d, MaxPayloadLen: -1, Role: frame.Client, Masked: true}, nil)
			var busy sync.WaitGroup
			received := make(chan struct{}, 1000)
			for _, c := range []*Conn{a, b} {
				for range 2 {
					busy.Go(func() {
						for c.SendFrame(true, frame.Text, message) == nil {
						}
					})
				}
				busy.Go(func() {
					for {
						data, _, err := c.RecvMessage()
						if err != nil {
							c.CloseNow()
							return
						}
						if string(data) != string(message) {
							t.Error("a message is not what was sent")
						}
						select {
						case received <- struct{}{}:
						default:
						}
					}
				})
			}
			for range 10 {
				<-received
			}
			end(a)
			busy.Wait()
			b.CloseNow()
			scribbleSlabs(t)
		})
	}
}
