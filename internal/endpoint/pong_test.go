package endpoint

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// pong has the endpoint answer a Ping.
func pong(c *Conn, payload string) {
	c.send.mu.Lock()
	defer c.send.mu.Unlock()
	c.send.pong([]byte(payload))
}

// TestNoPongAfterClose answers no Ping behind the connection's own Close frame, and keeps no
// memory for an answer.
func TestNoPongAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		if err := c.SendClose(frame.StatusNormalClosure, ""); err != nil {
			t.Fatal(err)
		}
		pong(c, "late")
		c.send.mu.Lock()
		held := c.send.pending.slab
		c.send.mu.Unlock()
		if held != nil {
			t.Errorf("a slab of %d bytes is held", len(held.buf))
		}
		p.wantWrites(1)
	})
}

// TestOwedPong has more Pings answered than there is room for Pongs, while the receiver
// works on messages that came together. The last Ping is answered (RFC 6455, Section
// 5.5.3).
func TestOwedPong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // where no answer is held back for too long
		c, p := newPair(t, Config{})
		c = New(c.nc, &Config{}, p.manyPings()) // as if one read had taken them all
		defer c.CloseNow()
		owePong(t, c, p)
		for i := range 100 {
			got := wantPong(t, p)
			if got == 99 && i < 99 {
				return
			}
			if got != i || i == 99 {
				t.Fatalf("the peer receives pong %d as number %d", got, i)
			}
		}
	})
}

// TestOwedPongOnSocket is TestOwedPong over TCP, with the clock of the world: the frames may
// have left by the time of a later Ping, which is answered then too.
func TestOwedPongOnSocket(t *testing.T) {
	c, p := newTCPPair(t, Config{})
	p.sendBytes(p.manyPings())
	owePong(t, c, p)
	for last := -1; last < 99; {
		got := wantPong(t, p)
		if got <= last {
			t.Fatalf("the peer receives pong %d behind %d", got, last)
		}
		last = got
	}
}

// manyPings returns a hundred Pings, numbered from 0, between two messages.
func (p *peer) manyPings() []byte {
	b := p.frame(true, frame.Text, "first")
	for i := range 100 {
		b = append(b, p.frame(true, frame.Ping, fmt.Sprintf("%0125d", i))...)
	}
	return append(b, p.frame(true, frame.Text, "last")...)
}

// owePong has manyPings answered while there is room for less than that.
func owePong(t *testing.T, c *Conn, p *peer) {
	t.Helper()
	wantMessage(t, c, "first", frame.Text)
	long := strings.Repeat("x", 30000)
	c.SendString(long)
	c.SendString(long)
	wantMessage(t, c, "last", frame.Text)
	p.SetReadDeadline(time.Now().Add(10 * time.Second))
	p.want(true, frame.Text, long)
	p.want(true, frame.Text, long)
}

// wantPong receives a Pong, and returns its number.
func wantPong(t *testing.T, p *peer) (number int) {
	t.Helper()
	f, err := p.recv()
	if err != nil || f.Opcode != frame.Pong {
		t.Fatalf("the peer receives %v, %v", f.Opcode, err)
	}
	if _, err := fmt.Sscanf(string(f.Payload), "%d", &number); err != nil {
		t.Fatalf("the peer receives pong %.140q: %v", f.Payload, err)
	}
	return number
}

// TestOwedPongIsOvertaken has room for the Pong to a later Ping. The earlier one stays
// without.
func TestOwedPongIsOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		p.own.SetWriteBuffer(1)
		offer(t, c, large("x"))
		synctest.Wait() // x is being written
		offer(t, c, large("y"), large("z"))
		pong(c, "one")
		p.want(true, frame.Text, large("x"))
		synctest.Wait() // y is being written
		pong(c, "two")
		p.want(true, frame.Text, large("y"))
		p.want(true, frame.Text, large("z"))
		p.want(true, frame.Pong, "two")
		synctest.Wait()
		c.CloseNow()
		p.wantEnd()
	})
}

// A lingering is a net.Conn that takes its time to say goodbye, as TLS may.
type lingering struct {
	*wiretest.Conn
	goodbye chan bool
}

func (c *lingering) CloseWrite() error {
	<-c.goodbye
	return c.Conn.CloseWrite()
}

// TestOfferWhileFailing offers a message while a failed connection closes its half of
// TCP. The call does not wait, nor does CloseNow.
func TestOfferWhileFailing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own, other := wiretest.Pipe()
		nc := &lingering{own, make(chan bool)}
		c, p := connect(t, Config{}, nc, other)
		failed := background(func() error { return failProtocol(c, frame.ErrFragmentOrder) })
		if !c.send.mu.TryLock() {
			t.Error("the sender's lock is held")
		} else {
			c.send.mu.Unlock()
		}
		close(nc.goodbye)
		<-failed
		p.wantClose(frame.StatusProtocolError)
	})
}
