package endpoint

import (
	"strings"
	"sync"
	"testing"

	"resty.websocket/frame"
)

// loans are the ways in which a Recv call can hand out data.
var loans = []struct {
	name string
	recv func(t *testing.T, c *Conn, p *peer) []byte
}{
	{"frame", func(t *testing.T, c *Conn, p *peer) []byte {
		p.send(true, frame.Text, strings.Repeat("frame", 100))
		data, _, _ := c.RecvFrame()
		return data
	}},
	{"frame_with_more_behind_it", func(t *testing.T, c *Conn, p *peer) []byte {
		p.sendBytes(append(p.frame(false, frame.Text, "frame"), p.frame(true, frame.Continuation, strings.Repeat("more", 3000))[:1000]...))
		data, _, _ := c.RecvFrame()
		return data
	}},
	{"message_in_one_frame", func(t *testing.T, c *Conn, p *peer) []byte {
		p.send(true, frame.Text, strings.Repeat("message", 10000/7))
		data, _, _ := c.RecvMessage()
		return data
	}},
	{"message_in_fragments", func(t *testing.T, c *Conn, p *peer) []byte {
		p.send(false, frame.Text, "fragment")
		p.send(true, frame.Ping, "ping")
		p.send(true, frame.Continuation, strings.Repeat("fragment", 1000))
		data, _, _ := c.RecvMessage()
		return data
	}},
	{"part_of_a_message", func(t *testing.T, c *Conn, p *peer) []byte {
		p.send(false, frame.Text, strings.Repeat("part", 200))
		c.SetTimeout(1)
		c.RecvMessage()
		c.SetTimeout(0)
		data, _, _ := c.RecvFrame()
		return data
	}},
	{"reason", func(t *testing.T, c *Conn, p *peer) []byte {
		p.sendClose(4000, strings.Repeat("why", 40))
		data, _, _ := c.RecvFrame()
		return data
	}},
}

// TestLoan holds what a Recv call returned while others end the connection,
// and while all memory without an owner is written over: it stays as it was up
// to the next Recv call.
func TestLoan(t *testing.T) {
	for _, transport := range []struct {
		name string
		pair func(t *testing.T, cfg Config) (*Conn, *peer)
	}{
		{"memory", newPair},
		{"tcp", newTCPPair},
	} {
		for _, end := range []struct {
			name string
			end  func(c *Conn, p *peer)
		}{
			{"nothing", func(c *Conn, p *peer) {}},
			{"send", func(c *Conn, p *peer) { c.SendString("something") }},
			{"CloseNow", func(c *Conn, p *peer) { c.CloseNow() }},
			{"Close", func(c *Conn, p *peer) {
				p.send(true, frame.Ping, strings.Repeat("x", 100))
				p.sendClose(4001, "")
				p.Close()
				c.Close(frame.StatusNormalClosure)
			}},
			{"reset_and_Close", func(c *Conn, p *peer) {
				p.Close()
				c.Close(frame.StatusNormalClosure)
			}},
		} {
			for _, loan := range loans {
				t.Run(transport.name+"/"+end.name+"/"+loan.name, func(t *testing.T) {
					c, p := transport.pair(t, Config{})
					data := loan.recv(t, c, p)
					before := string(data)
					if before == "" {
						t.Fatal("nothing was received")
					}
					var wg sync.WaitGroup
					wg.Go(func() { end.end(c, p) })
					wg.Wait()
					scribbleSlabs(t)
					if string(data) != before {
						t.Errorf("the data has become %.40q", data)
					}
					p.Close()
					c.RecvFrame()
					c.CloseNow()
					scribbleSlabs(t)
				})
			}
		}
	}
}

// TestLoanEnds sees to it that the test above would notice: with the next Recv
// call the memory is somebody else's.
func TestLoanEnds(t *testing.T) {
	for _, loan := range loans[:1] {
		c, p := newPair(t, Config{})
		data := loan.recv(t, c, p)
		before := string(data)
		for range 100 { // with the race detector, a pool forgets some of what it is given
			p.Close()
			c.RecvFrame()
			scribbleSlabs(t)
			if string(data) != before {
				return
			}
			c, p = newPair(t, Config{})
			data = loan.recv(t, c, p)
		}
		t.Error("the slab is never given back")
	}
}
