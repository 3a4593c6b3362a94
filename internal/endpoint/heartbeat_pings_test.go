package endpoint

import (
	"errors"
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

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
