package endpoint

import (
	"context"
	"io"
	"net"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

func TestIdle(t *testing.T) {
	for _, tt := range []struct {
		name string
		does func(t *testing.T, c *Conn, peer *frame.Writer)
		want error
	}{
		{"unused", func(*testing.T, *Conn, *frame.Writer) {}, nil},
		{"message_received", func(t *testing.T, c *Conn, peer *frame.Writer) {
			peer.WriteFrame(true, frame.Text, []byte("a"))
			recv(t, c)
		}, nil},
		{"first_fragment_received", func(t *testing.T, c *Conn, peer *frame.Writer) {
			peer.WriteFrame(false, frame.Text, []byte("a"))
			recv(t, c)
		}, errUnfinished},
		{"last_fragment_received", func(t *testing.T, c *Conn, peer *frame.Writer) {
			peer.WriteFrame(false, frame.Text, []byte("a"))
			peer.WriteFrame(true, frame.Continuation, []byte("b"))
			recv(t, c)
			recv(t, c)
		}, nil},
		{"second_message_in_the_window", func(t *testing.T, c *Conn, peer *frame.Writer) {
			peer.WriteFrame(true, frame.Text, []byte("a"))
			peer.WriteFrame(true, frame.Text, []byte("b"))
			recv(t, c)
		}, errUnread},
		{"first_fragment_sent", func(t *testing.T, c *Conn, peer *frame.Writer) {
			c.SendFrame(false, frame.Text, []byte("a"))
		}, errUnfinished},
		{"close_sent", func(t *testing.T, c *Conn, peer *frame.Writer) {
			c.SendClose(0, "")
		}, errUnfinished},
		{"over", func(t *testing.T, c *Conn, peer *frame.Writer) {
			c.CloseNow()
		}, net.ErrClosed},
	} {
		for _, role := range []frame.Role{frame.Server, frame.Client} {
			t.Run(tt.name+"/"+role.String(), func(t *testing.T) {
				a, b := wiretest.Pipe()
				c := New(a, &Config{Role: role, Masked: role == frame.Client}, nil)
				defer c.CloseNow()
				tt.does(t, c, frame.NewWriter(b, frame.Client-role, 0))
				if err := c.Reusable(); err != tt.want {
					t.Errorf("got %v, want %v", err, tt.want)
				}
			})
		}
	}
}

func recv(t *testing.T, c *Conn) {
	t.Helper()
	if _, _, err := c.RecvFrame(); err != nil && err != ErrAgain {
		t.Fatal(err)
	}
}

func TestIdleWhileReceiving(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := wiretest.Pipe()
		c := New(a, &Config{}, nil)
		go c.RecvFrame()
		synctest.Wait()
		if err := c.Reusable(); err != errReceiving {
			t.Errorf("got %v, want %v", err, errReceiving)
		}
		c.CloseNow()
	})
}

// TestReusableFlushes has frames held back, which leave if the peer takes them.
func TestReusableFlushes(t *testing.T) {
	holdBack := func(t *testing.T, c *Conn, p *peer) {
		p.sendTogether("one", "two")
		wantFrame(t, c, "one", frame.Text, nil)
		if err := c.SendString("held back"); err != nil {
			t.Fatal(err)
		}
		wantFrame(t, c, "two", frame.Text, nil)
	}
	t.Run("taken", func(t *testing.T) {
		c, p := newTCPPair(t, Config{})
		holdBack(t, c, p)
		if err := c.Reusable(); err != nil {
			t.Fatalf("got %v, want nil", err)
		}
		p.want(true, frame.Text, "held back")
	})
	t.Run("not_taken", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, p := newPair(t, Config{})
			p.stopReading()
			holdBack(t, c, p)
			start := time.Now()
			if err := c.Reusable(); err != errUnsent || time.Since(start) != 0 {
				t.Errorf("got %v after %v, want %v at once", err, time.Since(start), errUnsent)
			}
		})
	})
}

// A timeout leaves its deadline on the socket, which must not keep Reusable from
// looking at what has arrived.
func TestReusableAfterTimeout(t *testing.T) {
	c, p := newTCPPair(t, Config{Timeout: time.Millisecond})
	if _, _, err := c.RecvMessage(); err != os.ErrDeadlineExceeded {
		t.Fatalf("RecvMessage: %v, want a timeout", err)
	}
	if err := c.Reusable(); err != nil {
		t.Errorf("Reusable: %v", err)
	}
	p.Close()
	if _, _, err := c.RecvMessage(); err != io.EOF {
		t.Errorf("RecvMessage: %v, want %v", err, io.EOF)
	}
}

func TestWatch(t *testing.T) {
	for _, tt := range []struct {
		name string
		does func(peer *wiretest.Conn, wake func())
		want error
	}{
		{"woken", func(_ *wiretest.Conn, wake func()) { wake() }, nil},
		{"data", func(peer *wiretest.Conn, wake func()) { peer.Write([]byte{0x89}) }, errUnread},
		{"end", func(peer *wiretest.Conn, wake func()) { peer.Close() }, io.EOF},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, b := wiretest.Pipe()
				c := New(a, &Config{}, nil)
				defer c.CloseNow()
				ctx, wake := context.WithCancel(t.Context())
				defer wake()
				rested := make(chan error)
				go func() { rested <- c.Watch(ctx) }()
				synctest.Wait()
				tt.does(b, wake)
				if err := <-rested; err != tt.want || c.Fatal() != err {
					t.Errorf("got %v, want %v; Fatal: %v", err, tt.want, c.Fatal())
				}
			})
		})
	}
}

// The connection can be used after it has rested, with its deadlines.
func TestWatchThenReceive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := wiretest.Pipe()
		c := New(a, &Config{Role: frame.Client, Timeout: time.Second}, nil)
		defer c.CloseNow()
		ctx, wake := context.WithTimeout(t.Context(), time.Hour)
		defer wake()
		if err := c.Watch(ctx); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, _, err := c.RecvFrame(); time.Since(began) != time.Second {
			t.Errorf("timeout after %v with %v", time.Since(began), err)
		}
		frame.NewWriter(b, frame.Server, 0).WriteFrame(true, frame.Text, []byte("a"))
		recv(t, c)
	})
}

// TestPongWhileIdle has the Pong of a heartbeat arrive at each moment of a connection's rest.
// It does not end the connection, and anything else does.
func TestPongWhileIdle(t *testing.T) {
	const early, late = "before Reusable", "while it is watched"
	for _, test := range []struct {
		name, when string
		sends      func(p *peer, ping string)
		want       error
	}{
		{"5.5.3/before", early, func(p *peer, ping string) { p.send(true, frame.Pong, ping) }, nil},
		{"5.5.3/meanwhile", late, func(p *peer, ping string) { p.send(true, frame.Pong, ping) }, nil},
		{"5.5.3/other_before", early, func(p *peer, ping string) { p.send(true, frame.Pong, "abcd") }, errUnread},
		{"5.5.3/other_meanwhile", late, func(p *peer, ping string) { p.send(true, frame.Pong, "abcd") }, errUnread},
		{"data_before", early, func(p *peer, ping string) { p.send(true, frame.Text, "x") }, errUnread},
		{"data_behind_it_before", early, func(p *peer, ping string) {
			p.sendBytes(append(p.frame(true, frame.Pong, ping), p.frame(true, frame.Text, "x")...))
		}, errUnread},
		{"data_behind_it_meanwhile", late, func(p *peer, ping string) {
			p.sendBytes(append(p.frame(true, frame.Pong, ping), p.frame(true, frame.Text, "x")...))
		}, errUnread},
		{"5.5.3/a_part_before", early, func(p *peer, ping string) { p.sendBytes(p.frame(true, frame.Pong, ping)[:5]) }, errUnread},
		{"5.5.2/ping_before", early, func(p *peer, ping string) { p.send(true, frame.Ping, ping) }, errUnread},
	} {
		for _, transport := range transports {
			if test.when == early && !slices.Contains([]string{"tcp", "unix", "tls"}, transport.name) {
				continue // it is not known what has arrived
			}
			t.Run(test.name+"/"+transport.name, func(t *testing.T) {
				c, p := transport.pair(t, Config{Heartbeat: time.Hour})
				pinged := make(chan string)
				go func() { pinged <- p.wantPing() }()
				c.heart.ping(c.heart.heard.Load())
				ping := <-pinged
				c.Flush() // the Ping's goroutine has ended its turn
				if test.when == early {
					test.sends(p, ping)
					for !c.arrived() {
						<-time.After(time.Millisecond)
					}
				}
				err := c.Reusable()
				if err == nil {
					err = watchMeanwhile(c, test.want != nil, func() {
						if test.when == late {
							test.sends(p, ping)
						}
					})
				}
				if err != test.want {
					t.Fatalf("got %v, want %v", err, test.want)
				}
				if err == nil {
					go p.send(true, frame.Text, "again")
					wantMessage(t, c, "again", frame.Text)
				}
			})
		}
	}
}

// watchMeanwhile calls Watch. Unless that ends by itself, it is stopped a while after the
// Pong has come.
func watchMeanwhile(c *Conn, ends bool, does func()) error {
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	watched := make(chan error, 1)
	go func() { watched <- c.Watch(ctx) }()
	does()
	for !ends && c.heart.awaitsPong() {
		select {
		case err := <-watched:
			return err
		case <-time.After(time.Millisecond):
		}
	}
	if !ends {
		time.AfterFunc(50*time.Millisecond, stop)
	}
	return <-watched
}

// TestNoPingWhileIdle has a connection rest for many periods, after a receive that timed
// out in the middle of one. Its silence counts anew when a receiver waits again.
func TestNoPingWhileIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Heartbeat: beat, Timeout: beat / 2})
		wantTimeout(t, c, beat/2)
		c.SetTimeout(0)
		ctx, stop := context.WithTimeout(t.Context(), 20*beat)
		defer stop()
		if err := c.Watch(ctx); err != nil {
			t.Fatal(err)
		}
		if n := p.own.Writes(); n > 0 {
			t.Errorf("%d writes while idle", n)
		}
		received := make(chan frame.Opcode, 1)
		go func() {
			f, _ := p.recv()
			received <- f.Opcode
		}()
		wantSilent(t, c, func(c *Conn) error { _, _, err := c.RecvMessage(); return err }, time.Now())
		if op := <-received; op != frame.Ping {
			t.Errorf("the peer received %v, want a ping", op)
		}
	})
}
