package endpoint

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// A parker counts its wakes, and tells of each.
type parker struct {
	wakes atomic.Int32
	woken chan bool
}

func newParker() *parker { return &parker{woken: make(chan bool, 10)} }

func (p *parker) Wake() {
	p.wakes.Add(1)
	p.woken <- true
}

// poll polls until there is a message or an error, and waits in Park meanwhile.
func poll(t *testing.T, c *Conn) (data []byte, typ frame.Opcode, err error) {
	t.Helper()
	p := newParker()
	for {
		data, typ, err = c.PollMessage()
		if err != ErrNothing {
			return data, typ, err
		}
		if !c.Park(p) {
			continue
		}
		select {
		case <-p.woken:
		case <-time.After(20 * time.Second):
			t.Fatal("not woken")
		}
	}
}

// wantNothing polls a connection whose peer has sent no more.
func wantNothing(t *testing.T, c *Conn) {
	t.Helper()
	if data, typ, err := c.PollMessage(); data != nil || typ != 0 || err != ErrNothing {
		t.Fatalf("PollMessage = %.40q, %v, %v, want ErrNothing", data, typ, err)
	}
}

// park parks a connection whose peer has sent no more.
func park(t *testing.T, c *Conn) *parker {
	t.Helper()
	p := newParker()
	for wantNothing(t, c); !c.Park(p); {
		wantNothing(t, c) // an event of what was read came late
	}
	return p
}

func wantPolled(t *testing.T, c *Conn, payload string, op frame.Opcode) {
	t.Helper()
	if data, typ, err := poll(t, c); string(data) != payload || typ != op || err != nil {
		t.Fatalf("PollMessage = %.40q, %v, %v, want %.40q, %v", data, typ, err, payload, op)
	}
}

// TestPollSkipsReader has NextReader's message still come when PollMessage is called, and
// more slowly than Timeout allows a call. PollMessage waits for none of it.
func TestPollSkipsReader(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport.name, func(t *testing.T) {
			c, p := transport.pair(t, Config{Deflate: takeover})
			k := newTalker(p)
			payload := k.compress("inflated")
			for range 2 {
				go p.Write(p.compressed(false, frame.Text, payload[:2]))
				if _, _, err := c.NextReader(); err != nil {
					t.Fatal(err)
				}
				c.SetTimeout(time.Millisecond)
				if c.Parks() {
					wantNothing(t, c)
				}
				rest := append(p.frame(true, frame.Continuation, payload[2:]), p.frame(true, frame.Text, "next")...)
				var late sync.WaitGroup
				late.Add(1)
				time.AfterFunc(20*time.Millisecond, func() {
					defer late.Done()
					p.Write(rest)
				})
				wantPolled(t, c, "next", frame.Text)
				late.Wait()
				c.SetTimeout(0)
				payload = k.compress("inflated")
			}
		})
	}
}

// TestPollKeepsParts has a message arrive byte by byte. Between two of them the connection
// holds the bytes that have arrived, and no more.
func TestPollKeepsParts(t *testing.T) {
	c, p := newSocketPair(t, Config{})
	for _, text := range []string{"", "Hello", strings.Repeat("x", 300)} {
		b := append(p.frame(false, frame.Text, text), p.frame(true, frame.Continuation, "!")...)
		for i := range b {
			pk := park(t, c)
			if s := c.recv.window.slab; s != nil && len(s.buf) > max(minSlabLen, 2*i)+slabSlack {
				t.Fatalf("%d bytes are held for %d", len(s.buf), i)
			}
			p.sendBytes(b[i : i+1])
			<-pk.woken
		}
		wantPolled(t, c, text+"!", frame.Text)
	}
	wantNothing(t, c)
	if c.recv.window.slab != nil || c.recv.message.slab != nil {
		t.Error("a buffer is held with nothing received")
	}
}

// TestPollEnds ends a parked connection in each way. Park's caller is woken once, and
// PollMessage returns what has ended the connection, each time.
func TestPollEnds(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(c *Conn, p *peer)
		want error
	}{
		{"7.1.5/end_of_TCP", func(_ *Conn, p *peer) { p.Close() }, io.EOF},
		{"5.5.1/close", func(_ *Conn, p *peer) { p.sendClose(4000, "") }, &frame.CloseError{Code: 4000}},
		{"CloseNow", func(c *Conn, _ *peer) { c.CloseNow() }, net.ErrClosed},
		{"end", func(c *Conn, _ *peer) { c.end(os.ErrPermission) }, os.ErrPermission},
		{"the_net.Conn", func(c *Conn, _ *peer) { c.nc.Close() }, net.ErrClosed},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newSocketPair(t, Config{})
			pk := park(t, c)
			test.end(c, p)
			<-pk.woken
			_, _, err := poll(t, c)
			if !errors.Is(err, test.want) && frame.CloseCode(err) != cmp.Or(frame.CloseCode(test.want), 1) {
				t.Errorf("PollMessage: %v, want %v", err, test.want)
			}
			if _, _, again := c.PollMessage(); again != err || c.Fatal() != err {
				t.Errorf("then %v, Fatal %v, want %v", again, c.Fatal(), err)
			}
			c.CloseNow()
			if n := pk.wakes.Load(); n != 1 {
				t.Errorf("woken %d times", n)
			}
		})
	}
}

// TestPollKnowsNoDeadlines has a deadline pass that is not PollMessage's, before the call or
// while the connection is parked.
func TestPollKnowsNoDeadlines(t *testing.T) {
	for _, test := range []struct {
		name string
		set  func(c *Conn, cancelled context.Context)
	}{
		{"SetRecvContext", func(c *Conn, cancelled context.Context) { c.SetRecvContext(cancelled) }},
		{"of_the_net.Conn", func(c *Conn, _ context.Context) { c.nc.SetReadDeadline(time.Unix(1, 0)) }},
		{"an_earlier_call", func(c *Conn, _ context.Context) { c.armRecv(past) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			c, p := newSocketPair(t, Config{})
			test.set(c, ctx)
			wantNothing(t, c)
			pk := park(t, c)
			test.set(c, ctx)
			<-pk.woken
			wantNothing(t, c)
			p.send(true, frame.Text, "Hello")
			wantPolled(t, c, "Hello", frame.Text)
		})
	}
}

// TestPollLetsGoOfContext has a context refer to a connection no longer than it bounds it.
func TestPollLetsGoOfContext(t *testing.T) {
	stopped := make(chan bool, 1)
	c, _ := newSocketPair(t, Config{})
	c.setBound(&bound{until: past, stop: func() bool { stopped <- true; return true }})
	wantNothing(t, c)
	if len(stopped) == 0 {
		t.Error("the bound is not stopped")
	}
}

// TestPollSetsNoDeadline has a connection that waits in PollMessage, for a minute. Timeout,
// which bounds other calls, must not wake it.
func TestPollSetsNoDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, p := newPair(t, Config{})
		nc := &deadlines{Conn: p.own}
		c := New(nc, &Config{Timeout: time.Second}, nil)
		time.AfterFunc(time.Minute, func() { p.send(true, frame.Text, "Hello") })
		wantPolled(t, c, "Hello", frame.Text)
		if nc.set > 0 {
			t.Errorf("%d deadlines", nc.set)
		}
		c.CloseNow()
	})
}

// TestWaitingSocketHoldsNothing has a read of a socket wait, and looks at what it has held
// until its deadline.
func TestWaitingSocketHoldsNothing(t *testing.T) {
	for _, transport := range transports {
		if transport.holding {
			continue
		}
		t.Run(transport.name, func(t *testing.T) {
			c, _ := transport.pair(t, Config{})
			r := &c.recv
			r.mu.Lock()
			defer r.mu.Unlock()
			r.begin()
			r.deadline = after(5 * time.Millisecond)
			r.arm()
			if err := r.read(); !errors.Is(err, os.ErrDeadlineExceeded) || r.window.slab != nil {
				t.Errorf("%v, a buffer is held: %t", err, r.window.slab != nil)
			}
		})
	}
}

// TestWaitIsKnown has the heartbeat know when the connection waits: in PollMessage's Park and
// in a Recv call, and not while the program does something else.
func TestWaitIsKnown(t *testing.T) {
	c, p := newSocketPair(t, Config{Heartbeat: time.Hour})
	want := func(waits bool) {
		t.Helper()
		if got := c.heart.waits.Load() != 0; got != waits {
			t.Errorf("it waits: %t, want %t", got, waits)
		}
	}
	want(false)
	wantNothing(t, c)
	want(true)
	p.send(true, frame.Text, "Hello")
	wantPolled(t, c, "Hello", frame.Text)
	want(false)
	c.SetTimeout(time.Millisecond)
	if _, _, err := c.RecvMessage(); err != os.ErrDeadlineExceeded {
		t.Fatal(err)
	}
	want(false)
}

// TestSendsSetNoDeadline sends with a Timeout, which a send that need not wait does not
// have a timer for.
func TestSendsSetNoDeadline(t *testing.T) {
	c, p := newSocketPair(t, Config{Timeout: time.Hour})
	for range 3 {
		if err := c.SendFrame(true, frame.Text, []byte("hello")); err != nil {
			t.Fatal(err)
		}
		p.want(true, frame.Text, "hello")
	}
	if armed := c.writing.armed; armed != never {
		t.Errorf("the deadline is %v", armed)
	}
}

// TestNothingIsSentAfterTheEnd has a connection end by itself, and then be closed.
func TestNothingIsSentAfterTheEnd(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport.name, func(t *testing.T) {
			c, p := transport.pair(t, Config{})
			received := make(chan string)
			go func() {
				b, _ := io.ReadAll(p.Conn)
				received <- string(b)
			}()
			c.end(ErrPeerSilent)
			c.Close(frame.StatusNormalClosure)
			if got := <-received; got != "" {
				t.Errorf("sent %q", got)
			}
		})
	}
}
