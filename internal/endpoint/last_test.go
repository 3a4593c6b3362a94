package endpoint

import (
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// lastCalls are the calls after which nothing that was accepted before is lost, if the
// peer reads.
var lastCalls = []struct {
	name string
	call func(c *Conn) error
	code frame.StatusCode // of the Close frame; 0: there is none
}{
	{"Flush", (*Conn).Flush, 0},
	{"SendClose", func(c *Conn) error { return c.SendClose(4000, "") }, 4000},
	{"Close", func(c *Conn) error { return c.Close(4001) }, 4001},
	{"CloseNow", (*Conn).CloseNow, 0},
	{"failure", func(c *Conn) error { failProtocol(c, frame.ErrFragmentOrder); return nil }, frame.StatusProtocolError},
}

// acceptances are the ways in which frames come to be accepted and not written.
var acceptances = []struct {
	name   string
	accept func(t *testing.T, c *Conn, p *peer, send func(payload string))
}{
	{"held_back", func(t *testing.T, c *Conn, p *peer, send func(string)) {
		holdBack(t, c, p)
		send("one")
		send("two")
	}},
	{"burst", func(t *testing.T, c *Conn, p *peer, send func(string)) {
		send("one")
		send("two")
	}},
	{"behind_a_write", func(t *testing.T, c *Conn, p *peer, send func(string)) {
		p.own.SetWriteBuffer(3)
		background(func() error { send("one"); return nil })
		send("two")
	}},
	{"written_by_another", func(t *testing.T, c *Conn, p *peer, send func(string)) {
		holdBack(t, c, p)
		send("one")
		p.own.SetWriteBuffer(3)
		wantFrame(t, c, "second", frame.Text, nil)
		background(func() error { send("two"); return nil })
	}},
}

// TestAcceptedFramesAreNotLost makes each of those calls behind frames that were
// accepted. The peer gets all of them, and a Close frame behind them.
func TestAcceptedFramesAreNotLost(t *testing.T) {
	for _, last := range lastCalls {
		for _, acceptance := range acceptances {
			for _, role := range []frame.Role{frame.Server, frame.Client} {
				t.Run(last.name+"/"+acceptance.name+"/"+role.String(), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						c, p := newPair(t, Config{Role: role})
						acceptance.accept(t, c, p, func(payload string) {
							if err := c.SendString(payload); err != nil {
								t.Errorf("SendString: %v", err)
							}
						})
						done := background(func() error { return last.call(c) })
						p.want(true, frame.Text, "one")
						p.want(true, frame.Text, "two")
						if last.code != 0 {
							p.wantClose(last.code)
							p.sendClose(last.code, "")
							p.Conn.(*wiretest.Conn).CloseWrite()
						}
						if err := <-done; err != nil {
							t.Errorf("%s: %v", last.name, err)
						}
						wantAllSent(t, c)
						c.CloseNow()
						p.wantEnd()
					})
				})
			}
		}
	}
}

// TestCloseNowWithAStuckWrite closes connections whose peers do not read. That waits
// for a moment if frames were accepted, and not at all otherwise.
func TestCloseNowWithAStuckWrite(t *testing.T) {
	for _, transport := range []struct {
		name string
		wrap func(own *wiretest.Conn) net.Conn
	}{
		{"deadlines", func(own *wiretest.Conn) net.Conn { return own }},
		{"no_deadlines", func(own *wiretest.Conn) net.Conn { return wiretest.NoDeadlines{Conn: own} }},
	} {
		for _, accepted := range []bool{false, true} {
			name, want := transport.name+"/alone", time.Duration(0)
			if accepted {
				name, want = transport.name+"/accepted", lastFlushTime
			}
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					own, other := wiretest.Pipe()
					c, p := connect(t, Config{}, transport.wrap(own), other)
					own.SetWriteBuffer(2)
					sent := background(func() error { return c.SendString("stuck") })
					if accepted {
						offer(t, c, "accepted")
					}
					start := time.Now()
					if err := c.CloseNow(); err != nil {
						t.Errorf("CloseNow: %v", err)
					}
					if took := time.Since(start); took != want {
						t.Errorf("CloseNow took %v, want %v", took, want)
					}
					if err := <-sent; !errors.Is(err, net.ErrClosed) {
						t.Errorf("SendString: %v", err)
					}
					wantAllSent(t, c)
					if got, _ := io.ReadAll(p.in); string(got) != "\x81\x05" {
						t.Errorf("the peer has %q", got)
					}
				})
			})
		}
	}
}

// TestSlowReceiverHoldsNothingBack has the receiver take its time over the first of two
// messages. Its first answer leaves within a millisecond, and the others at once.
func TestSlowReceiverHoldsNothingBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		holdBack(t, c, p)
		for i, want := range []time.Duration{maxHoldTime, 0, 0} {
			start := time.Now()
			if err := c.SendString("answer"); err != nil {
				t.Fatal(err)
			}
			p.want(true, frame.Text, "answer")
			if took := time.Since(start); took != want {
				t.Errorf("answer %d took %v, want %v", i, took, want)
			}
			<-time.After(100 * time.Millisecond)
		}
		wantFrame(t, c, "second", frame.Text, nil)
		p.wantWrites(3)
		holdBack(t, c, p) // it holds back again
		start := time.Now()
		c.SendString("late")
		if p.want(true, frame.Text, "late"); time.Since(start) != maxHoldTime {
			t.Errorf("the answer took %v", time.Since(start))
		}
		wantFrame(t, c, "second", frame.Text, nil)
		holdBack(t, c, p)
		c.SendString("one")
		wantFrame(t, c, "second", frame.Text, nil)
		c.SendString("two")
		p.wantWrites(5)
		p.want(true, frame.Text, "one")
		p.want(true, frame.Text, "two")
		wantAllSent(t, c)
	})
}
