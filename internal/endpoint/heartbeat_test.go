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
			c, p := transport.pair(t, Config{Heartbeat: beat})
			swallowed := make(chan error)
			go func() {
				_, err := io.Copy(io.Discard, p.Conn)
				swallowed <- err
			}()
			start := time.Now()
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

// TestRecvFrameGetsPongs has a program of the level of frames see the answer.
func TestRecvFrameGetsPongs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Heartbeat: beat})
		for range 3 {
			var payload string
			go func() {
				payload = p.wantPing()
				<-time.After(30 * time.Millisecond)
				p.send(true, frame.Pong, payload)
			}()
			data, typ, err := c.RecvFrame()
			if string(data) != payload || typ != frame.Pong || err != nil {
				t.Fatalf("received %q, %v, %v, want the Pong %q", data, typ, err, payload)
			}
			if got := c.Latency(); got != 30*time.Millisecond {
				t.Errorf("Latency() = %v, want 30ms", got)
			}
		}
	})
}

// TestLatency has Pongs take different times. Other Pongs do not count.
func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Heartbeat: beat})
		receiveAll(c)
		want := func(want time.Duration) {
			t.Helper()
			synctest.Wait()
			if got := c.Latency(); got != want {
				t.Errorf("Latency() = %v, want %v", got, want)
			}
		}
		want(0)
		first := p.wantPing()
		p.send(true, frame.Pong, "xxxx")
		p.send(true, frame.Pong, "")
		p.send(true, frame.Pong, first+"x")
		want(0)
		<-time.After(70 * time.Millisecond)
		p.send(true, frame.Pong, first)
		want(70 * time.Millisecond)
		<-time.After(70 * time.Millisecond)
		p.send(true, frame.Pong, first)
		want(70 * time.Millisecond) // it was answered before

		second := p.wantPing()
		p.send(true, frame.Text, "not silent")
		third := p.wantPing()
		p.send(true, frame.Pong, second)
		want(70 * time.Millisecond)
		<-time.After(200 * time.Millisecond)
		p.send(true, frame.Pong, third)
		want(200 * time.Millisecond)
	})
	plain, _ := newPair(t, Config{})
	if got := plain.Latency(); got != 0 {
		t.Errorf("without a heartbeat Latency() = %v", got)
	}
}

// TestPingInsideMessage has Pings go out between the frames of a message, however that is
// sent.
func TestPingInsideMessage(t *testing.T) {
	for _, test := range []struct {
		name string
		send func(t *testing.T, c *Conn) (rest func() error)
	}{
		{"5.4/fragments", func(t *testing.T, c *Conn) func() error {
			if err := c.SendFrame(false, frame.Text, []byte("begin ")); err != nil {
				t.Error(err)
			}
			return func() error { return c.SendFrame(true, frame.Continuation, []byte("end")) }
		}},
		{"5.4/NextWriter", func(t *testing.T, c *Conn) func() error {
			w := nextWriter(t, c, frame.Text)
			io.WriteString(w, "begin ")
			if err := c.Flush(); err != nil {
				t.Error(err)
			}
			return func() error {
				io.WriteString(w, "end")
				return w.Close()
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Heartbeat: beat})
				received := receiveAll(c)
				rest := test.send(t, c)
				offer(t, c, "offered")
				var text []byte
				pings := 0
				for whole := false; !whole; {
					f, err := p.recv()
					if err != nil {
						t.Fatal(err)
					}
					if f.Opcode == frame.Ping {
						p.send(true, frame.Pong, string(f.Payload))
						if pings++; pings == 3 {
							if err := rest(); err != nil {
								t.Error(err)
							}
						}
						continue
					}
					text, whole = append(text, f.Payload...), f.Fin
				}
				if string(text) != "begin end" {
					t.Errorf("the peer receives %q", text)
				}
				p.want(true, frame.Text, "offered")
				p.sendClose(frame.StatusNormalClosure, "")
				<-received
			})
		})
	}
}

// TestPeerThatDoesNotRead has the peer's window be full, and a backlog be too. A peer that
// sends nevertheless is not silent, and another one is, as soon as any.
func TestPeerThatDoesNotRead(t *testing.T) {
	for _, full := range []struct {
		name string
		fill func(t *testing.T, c *Conn)
	}{
		{"empty", func(t *testing.T, c *Conn) {}},
		{"a_send_waits", func(t *testing.T, c *Conn) { waits(func() { c.SendString("stuck") }) }},
		{"10.4/full_backlog", func(t *testing.T, c *Conn) {
			for err := error(nil); err == nil; {
				err = c.Offer(prepare(t, frame.Binary, string(make([]byte, 60_000))))
			}
		}},
	} {
		t.Run(full.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Heartbeat: beat})
				p.stopReading()
				full.fill(t, c)
				for range 10 {
					time.AfterFunc(2*beat-1, func() { p.send(true, frame.Text, "alive") })
					wantMessage(t, c, "alive", frame.Text)
				}
				if full.name == "10.4/full_backlog" && c.send.pending.len() > maxPending+defaultMaxBacklog {
					t.Errorf("%d bytes are pending", c.send.pending.len())
				}
				wantSilent(t, c, func(c *Conn) error { _, _, err := c.RecvMessage(); return err }, time.Now())
			})
		})
	}
}

// TestNoPingAfterClose has a connection whose own Close frame is sent wait for the peer's.
func TestNoPingAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Heartbeat: beat})
		if err := c.SendClose(frame.StatusGoingAway, ""); err != nil {
			t.Fatal(err)
		}
		wantSilent(t, c, func(c *Conn) error { _, _, err := c.RecvMessage(); return err }, time.Now())
		c.CloseNow()
		p.wantClose(frame.StatusGoingAway)
		p.wantEnd()
	})
}

// TestCloseTakesItsTime has the closing handshake wait for longer than a silence.
func TestCloseTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Heartbeat: beat})
		start := time.Now()
		if err := c.Close(frame.StatusNormalClosure); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != closeTimeout {
			t.Errorf("Close: %v after %v, want a timeout after %v", err, time.Since(start), closeTimeout)
		}
		p.wantClose(frame.StatusNormalClosure)
		p.wantEnd()
	})
}

// TestHeartbeatAfterFailedSend has a send fail. The peer's last words are waited for as
// long as without a heartbeat.
func TestHeartbeatAfterFailedSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Heartbeat: beat})
		oops := errors.New("oops")
		p.own.ScriptWrites(wiretest.Step{Err: oops})
		start := time.Now()
		if err := c.SendString("x"); err != oops {
			t.Fatal(err)
		}
		if _, _, err := c.RecvMessage(); err != oops || time.Since(start) != lingerTimeout {
			t.Errorf("received %v after %v, want %v after %v", err, time.Since(start), oops, lingerTimeout)
		}
	})
}

// TestBothSidesBeat connects two endpoints that ping each other, with periods that differ.
func TestBothSidesBeat(t *testing.T) {
	for _, other := range []time.Duration{beat, beat / 3, 5 * beat} {
		t.Run(other.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, b := wiretest.Pipe()
				server := New(a, &Config{Heartbeat: beat}, nil)
				client := New(b, &Config{Heartbeat: other, Role: frame.Client, Masked: true}, nil)
				ends := make(chan error, 2)
				for _, c := range []*Conn{server, client} {
					go func() {
						_, _, err := c.RecvMessage()
						ends <- err
					}()
				}
				<-time.After(time.Minute)
				wantFatal(t, server, nil)
				wantFatal(t, client, nil)
				if err := client.Close(frame.StatusNormalClosure); err != nil {
					t.Error(err)
				}
				<-ends
				<-ends
				server.CloseNow()
			})
		})
	}
}

// TestPingsAreSpread has connections of one wheel begin at different times. Their Pings keep
// that distance, to a tick.
func TestPingsAreSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const conns = 640
		var first *wheel
		start := time.Now()
		sent := make(chan time.Duration, conns)
		for range conns {
			c, p := newPair(t, Config{Heartbeat: beat})
			if first == nil {
				first = c.heart.wheel
			}
			moveTo(first, c.heart)
			receiveAll(c)
			go func() {
				p.wantPing()
				sent <- time.Since(start)
			}()
			<-time.After(beat / conns)
		}
		pings := make(map[time.Duration]int) // by their tick
		for range conns {
			pings[(<-sent).Truncate(beat/ticksPerPeriod)]++
		}
		for tick, n := range pings {
			if n > 2*conns/ticksPerPeriod {
				t.Errorf("%d of %d Pings are sent at %v", n, conns, tick)
			}
		}
	})
}

// moveTo moves a heartbeat that has a wheel of its own, in a bubble, to another one.
func moveTo(w *wheel, h *heartbeat) {
	wheels.mu.Lock()
	defer wheels.mu.Unlock()
	if h.wheel == w {
		return
	}
	h.remove()
	h.wheel = w
	w.put(&h.spoke, w.ticks)
	w.members++
	h.pinged = w.clock.Load()
	h.heard.Store(h.pinged)
	h.empty.Store(h.pinged)
}

// TestUnreadIsNoSilence has bytes lie in the socket of a receiver that is waiting by its own
// account, which it is until it has had the time to run.
func TestUnreadIsNoSilence(t *testing.T) {
	for _, test := range []struct {
		name string
		pair func(t *testing.T, cfg Config) (*Conn, *peer)
	}{{"tcp", newTCPPair}, {"tls", newTLSPair}} {
		t.Run(test.name, func(t *testing.T) {
			c, p := test.pair(t, Config{Heartbeat: time.Hour})
			h := c.heart
			now := h.wheel.clock.Load()
			h.waiting()
			h.pinged = now + 1
			if c.arrived() {
				t.Fatal("something has arrived before it was sent")
			}
			p.send(true, frame.Text, "just so")
			for !c.arrived() {
				<-time.After(time.Millisecond)
			}
			if next := h.visit(now + 1 + h.wheel.ticks); next == 0 || h.heard.Load() != now+1+h.wheel.ticks {
				t.Errorf("the connection ends; the next visit is in %d ticks", next)
			}
			wantMessage(t, c, "just so", frame.Text)
		})
	}
}

// TestWaitThatHasJustBegun has a receiver come back after a long time, to a net.Conn that
// has bytes for it. The visit comes before it has looked.
func TestWaitThatHasJustBegun(t *testing.T) {
	c, p := newPair(t, Config{Heartbeat: time.Hour})
	h := c.heart
	began := h.wheel.clock.Load() + 1000
	h.pinged = began - 500
	h.waits.Store(began<<1 | 1)
	for at := began; at < began+settledTicks; at++ {
		if next := h.visit(at); next != 1 || h.pinged != began-500 {
			t.Errorf("the visit after %d ticks of the wait says %d, pinged at %d", at-began, next, h.pinged)
		}
	}
	if next := h.visit(began + settledTicks); next != 0 {
		t.Errorf("the visit after %d ticks of the wait says %d", settledTicks, next)
	}
	if _, _, err := c.RecvMessage(); err != ErrPeerSilent {
		t.Errorf("received %v, want %v", err, ErrPeerSilent)
	}
	p.Close()
}

// TestLeavingIsCheap has ten thousand connections of one wheel end, in the order in which
// they began, the reverse and all at once. Each is forgotten when it ends.
func TestLeavingIsCheap(t *testing.T) {
	wiretest.NoLeaks(t)
	const conns = 10_000
	all := make([]*Conn, conns)
	for i := range all {
		own, other := wiretest.Pipe()
		all[i] = New(own, &Config{Heartbeat: time.Minute}, nil)
		other.Close()
	}
	w := all[0].heart.wheel
	if w != all[conns-1].heart.wheel || w.members != conns {
		t.Fatalf("the wheel has %d members", w.members)
	}
	for i, c := range all {
		switch i % 3 {
		case 0:
			c.RecvMessage() // io.EOF
		case 1:
			c.CloseNow()
		case 2:
			c.Close(frame.StatusNormalClosure)
		}
		if c.Fatal() == nil || w.members != conns-1-i {
			t.Fatalf("after %d ends the wheel has %d members", i+1, w.members)
		}
	}
	wantNoWheel(t)
	for _, c := range all {
		c.CloseNow()
	}
}

// TestIdleHeartbeatTakesNothing has an idle connection be pinged, and hold no buffers and
// nothing else after it.
func TestIdleHeartbeatTakesNothing(t *testing.T) {
	c, p := newTCPPair(t, Config{Heartbeat: 20 * time.Millisecond})
	received := receiveAll(c)
	for range 3 {
		p.send(true, frame.Pong, p.wantPing())
	}
	p.send(true, frame.Text, "done")
	<-received
	c.send.mu.Lock()
	defer c.send.mu.Unlock()
	if c.send.traffic != nil || c.send.pending.slab != nil || c.send.unsent != 0 {
		t.Errorf("left behind: %+v, %v, %d", c.send.traffic, c.send.pending, c.send.unsent)
	}
}
