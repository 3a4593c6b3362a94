package endpoint

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// beat is the Heartbeat of most tests.
const beat = time.Second

// fewTicks is how much later than by the clock a heartbeat may act.
const fewTicks = 5 * beat / ticksPerPeriod

// receptions are ways to receive until the connection ends, which they tell.
var receptions = []struct {
	name string
	recv func(c *Conn) error
}{
	{"RecvFrame", func(c *Conn) error { return receiveToEnd(c, c.RecvFrame) }},
	{"RecvMessage", func(c *Conn) error { return receiveToEnd(c, c.RecvMessage) }},
	{"AppendMessage", func(c *Conn) error {
		return receiveToEnd(c, func() ([]byte, frame.Opcode, error) { return c.AppendMessage(nil) })
	}},
	{"NextReader", func(c *Conn) error {
		for {
			_, r, err := c.NextReader()
			if err == nil {
				_, err = io.Copy(io.Discard, r)
			}
			if err != nil {
				return err
			}
		}
	}},
	{"short_Timeout", func(c *Conn) error { return pollToEnd(c, 10*time.Millisecond, 0) }},
	{"shorter_Timeout", func(c *Conn) error { return pollToEnd(c, time.Millisecond, 0) }},
	{"now_and_then", func(c *Conn) error { return pollToEnd(c, time.Millisecond, 20*time.Millisecond) }},
	{"Timeout_of_a_period", func(c *Conn) error { return pollToEnd(c, beat, 0) }},
}

func receiveToEnd(c *Conn, recv func() ([]byte, frame.Opcode, error)) error {
	for {
		if _, _, err := recv(); err != nil {
			return err
		}
	}
}

// pollToEnd receives with a short Timeout, and pauses after each.
func pollToEnd(c *Conn, timeout, pause time.Duration) error {
	c.SetTimeout(timeout)
	for {
		if _, _, err := c.RecvFrame(); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
		if pause > 0 {
			<-time.After(pause)
		}
	}
}

// wantSilent receives until the connection ends, and checks that it does so in its time
// after start.
func wantSilent(t *testing.T, c *Conn, recv func(c *Conn) error, start time.Time) {
	t.Helper()
	err := recv(c)
	if took := time.Since(start); took < 2*beat || took > 2*beat+fewTicks {
		t.Errorf("ended after %v, want %v to %v", took, 2*beat, 2*beat+fewTicks)
	}
	var timeout net.Error
	if err != ErrPeerSilent || c.Fatal() != err || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) {
		t.Errorf("received %v, Fatal %v, want %v", err, c.Fatal(), ErrPeerSilent)
	}
}

// wantPing receives a Ping of the heartbeat, and returns its payload.
func (p *peer) wantPing() string {
	p.t.Helper()
	f, err := p.recv()
	if err != nil || f.Opcode != frame.Ping || len(f.Payload) != 4 {
		p.t.Fatalf("the peer receives %v %.40q, %v, want a Ping of 4 bytes", f.Opcode, f.Payload, err)
	}
	return string(f.Payload)
}

// TestSilentPeer has a peer read and never send. It is sent one Ping after a period, and
// no Close frame.
func TestSilentPeer(t *testing.T) {
	for _, way := range receptions {
		for _, role := range []frame.Role{frame.Server, frame.Client} {
			t.Run(way.name+"/"+role.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c, p := newPair(t, Config{Role: role, Heartbeat: beat})
					start := time.Now()
					go func() {
						p.wantPing()
						if took := time.Since(start); took < beat || took > beat+fewTicks {
							t.Errorf("the Ping comes after %v, want %v and a little", took, beat)
						}
						p.wantEnd()
					}()
					wantSilent(t, c, way.recv, start)
					if err := c.SendString("x"); err != ErrPeerSilent {
						t.Errorf("then SendString: %v", err)
					}
					closed := time.Now()
					if err := c.Close(frame.StatusNormalClosure); err != ErrPeerSilent || time.Since(closed) > 0 {
						t.Errorf("Close: %v after %v, want %v at once", err, time.Since(closed), ErrPeerSilent)
					}
					synctest.Wait()
				})
			})
		}
	}
}

// TestSilentPeerOfTransports is TestSilentPeer over connections of all kinds, with the
// clock of the world.
func TestSilentPeerOfTransports(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport.name, func(t *testing.T) {
			wiretest.NoLeaks(t)
			const beat = 50 * time.Millisecond
			start := time.Now() // the silence begins with the connection
			c, p := transport.pair(t, Config{Heartbeat: beat})
			swallowed := make(chan error)
			go func() {
				_, err := io.Copy(io.Discard, p.Conn)
				swallowed <- err
			}()
			if _, _, err := c.RecvMessage(); err != ErrPeerSilent {
				t.Errorf("received %v, want %v", err, ErrPeerSilent)
			}
			if took := time.Since(start); took < 2*beat {
				t.Errorf("ended after %v, want %v at least", took, 2*beat)
			}
			if err := c.Close(frame.StatusNormalClosure); err != ErrPeerSilent {
				t.Errorf("Close: %v", err)
			}
			<-swallowed
			wantNoWheel(t)
		})
	}
}

// TestSilentPeerWithoutDeadlines ends the connection of a net.Conn without deadlines, which
// is closed.
func TestSilentPeerWithoutDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newPairWithoutDeadlines(t, Config{Heartbeat: beat})
		wantSilent(t, c, func(c *Conn) error { _, _, err := c.RecvMessage(); return err }, time.Now())
	})
}

// TestPeerThatIsNotSilent has peers of different kinds be there for twenty periods.
func TestPeerThatIsNotSilent(t *testing.T) {
	const lasts = 20*beat - 5
	for _, test := range []struct {
		name string
		peer func(p *peer, end time.Time)
	}{
		{"5.5.3/answers", answers(0)},
		{"5.5.3/answers_late", answers(beat - 1)},
		{"sends_texts", sends(beat/2, func(p *peer) []byte { return p.frame(true, frame.Text, "text") })},
		{"sends_texts_rarely", sends(2*beat-1, func(p *peer) []byte { return p.frame(true, frame.Text, "text") })},
		{"5.5.3/sends_other_pongs", sends(2*beat-1, func(p *peer) []byte { return p.frame(true, frame.Pong, "") })},
		{"5.5.2/pings_too", sends(2*beat-1, func(p *peer) []byte { return p.frame(true, frame.Ping, "") })},
		{"sends_a_message_byte_by_byte", func(p *peer, end time.Time) {
			// The last byte comes just before the end.
			for _, b := range p.frame(true, frame.Text, "abcd") {
				<-time.After(2*beat - 1)
				p.sendBytes([]byte{b})
			}
		}},
	} {
		for _, way := range receptions {
			t.Run(test.name+"/"+way.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c, p := newPair(t, Config{Heartbeat: beat})
					start := time.Now()
					end := start.Add(lasts)
					done := make(chan bool)
					go func() {
						defer close(done)
						test.peer(p, end)
					}()
					time.AfterFunc(lasts, func() { p.sendClose(frame.StatusNormalClosure, "") })
					err := way.recv(c)
					if frame.CloseCode(err) != frame.StatusNormalClosure || time.Since(start) < lasts {
						t.Errorf("received %v after %v", err, time.Since(start))
					}
					p.Close()
					<-done
				})
			})
		}
	}
}

// answers has a peer answer Pings, each after a while.
func answers(late time.Duration) func(p *peer, end time.Time) {
	return func(p *peer, end time.Time) {
		for {
			f, err := p.recv()
			if err != nil {
				return
			}
			if late > 0 {
				<-time.After(late)
			}
			if time.Now().Before(end) && f.Opcode == frame.Ping {
				p.send(true, frame.Pong, string(f.Payload))
			}
		}
	}
}

// sends has a peer send something again and again, and answer nothing.
func sends(every time.Duration, what func(p *peer) []byte) func(p *peer, end time.Time) {
	return func(p *peer, end time.Time) {
		for <-time.After(every); time.Now().Before(end); <-time.After(every) {
			p.sendBytes(what(p))
		}
	}
}

// TestBusyProgram has a program not receive for ten periods. The peer is sent no Ping, and
// is not to blame, whether or not something of it has come meanwhile.
func TestBusyProgram(t *testing.T) {
	for _, sent := range []string{"", "text"} {
		for _, before := range []time.Duration{0, 10 * time.Millisecond, beat / 2, beat + beat/2} {
			t.Run(fmt.Sprintf("%q/after_a_Timeout_of_%v", sent, before), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c, p := newPair(t, Config{Heartbeat: beat, Timeout: before})
					if before > 0 {
						wantTimeout(t, c, before)
					}
					if before > beat {
						p.wantPing()
					}
					c.SetTimeout(0)
					if sent != "" {
						p.send(true, frame.Text, sent)
					}
					<-time.After(10 * beat)
					wantFatal(t, c, nil)
					if p.own.Writes() > 1 || before < beat && p.own.Writes() > 0 {
						t.Errorf("%d writes", p.own.Writes())
					}
					if sent != "" {
						wantMessage(t, c, sent, frame.Text)
					}
					if before > beat && sent == "" {
						// The Ping was not answered in all that time.
						if _, _, err := c.RecvMessage(); err != ErrPeerSilent {
							t.Errorf("received %v, want %v", err, ErrPeerSilent)
						}
						return
					}
					go func() {
						p.send(true, frame.Pong, p.wantPing())
						p.send(true, frame.Text, "then")
					}()
					wantMessage(t, c, "then", frame.Text)
				})
			})
		}
	}
}
