package endpoint

import (
	"errors"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// sendTogether has the peer send text frames in one write.
func (p *peer) sendTogether(payloads ...string) {
	p.t.Helper()
	var b []byte
	for _, payload := range payloads {
		b = append(b, p.frame(true, frame.Text, payload)...)
	}
	p.sendBytes(b)
}

// wantWrites checks how often the endpoint has written so far.
func (p *peer) wantWrites(want int) {
	p.t.Helper()
	if got := p.own.Writes(); got != want {
		p.t.Errorf("%d writes, want %d", got, want)
	}
}

// echo receives a frame and sends it back.
func echo(t *testing.T, c *Conn, payload string) {
	t.Helper()
	wantFrame(t, c, payload, frame.Text, nil)
	if err := c.SendString(payload); err != nil {
		t.Fatal(err)
	}
}

// TestCork answers three frames that came together.
func TestCork(t *testing.T) {
	for _, test := range []struct {
		name   string
		joined bool
		want   int
	}{
		{"on", true, 1},
		{"off", false, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{NoDelay: !test.joined})
				p.sendTogether("one", "two", "three")
				for _, payload := range []string{"one", "two", "three"} {
					echo(t, c, payload)
				}
				p.wantWrites(test.want)
				for _, payload := range []string{"one", "two", "three"} {
					p.want(true, frame.Text, payload)
				}
			})
		})
	}
}

// TestCorkWhileReceiverWaits has answers outstanding when there is nothing
// more to work on.
func TestCorkWhileReceiverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		p.sendTogether("one", "two", "no answer")
		echo(t, c, "one")
		echo(t, c, "two")
		wantFrame(t, c, "no answer", frame.Text, nil)
		p.wantWrites(0)
		done := make(chan bool)
		go func() {
			wantFrame(t, c, "next", frame.Text, nil)
			close(done)
		}()
		synctest.Wait()
		p.wantWrites(1)
		p.want(true, frame.Text, "one")
		p.want(true, frame.Text, "two")

		// Nobody who sends now has to wait for the receiver.
		if err := c.SendString("at once"); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		p.wantWrites(2)
		p.want(true, frame.Text, "at once")
		p.send(true, frame.Text, "next")
		<-done
	})
}

// TestCorkPart has a further frame in the window that is not whole: that may
// take its time, and nothing waits for it.
func TestCorkPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		part := p.frame(true, frame.Text, "part")
		p.sendBytes(append(p.frame(true, frame.Text, "whole"), part[:len(part)-1]...))
		echo(t, c, "whole")
		p.wantWrites(1)
		p.sendBytes(part[len(part)-1:])
		echo(t, c, "part")
		p.wantWrites(2)
	})
}

// TestCorkReader is TestCork and TestCorkPart for NextReader.
func TestCorkReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		part := p.frame(true, frame.Text, "part")
		p.sendBytes(slices.Concat(p.frame(true, frame.Text, "one"), p.frame(true, frame.Text, "two"), part[:len(part)-1]))
		for i, payload := range []string{"one", "two"} {
			_, r, err := c.NextReader()
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); string(got) != payload || err != nil {
				t.Errorf("%q, %v, want %q", got, err, payload)
			}
			if err := c.SendString(payload); err != nil {
				t.Error(err)
			}
			p.wantWrites(i) // both answers leave together, and do not wait for the part
		}
	})
}

// TestCorkEnds has what is held back leave for other reasons.
func TestCorkEnds(t *testing.T) {
	long := strings.Repeat("x", 30000)
	for _, test := range []struct {
		name   string
		end    func(c *Conn) error
		writes int
		want   func(p *peer)
	}{
		{"Flush", (*Conn).Flush, 1, func(p *peer) {}},
		{"Close_frame", func(c *Conn) error { return c.SendClose(4000, "") }, 1, func(p *peer) { p.wantClose(4000) }},
		{"too_much", func(c *Conn) error { c.SendString(long); c.SendString(long); return c.SendString(long) }, 1, func(p *peer) {
			p.want(true, frame.Text, long)
			p.want(true, frame.Text, long)
		}},
		{"large_frame", func(c *Conn) error { return c.SendString(long + long) }, 1, func(p *peer) {
			p.want(true, frame.Text, long+long)
		}},
		{"failure", func(c *Conn) error { failProtocol(c, frame.ErrFragmentOrder); return nil }, 1, func(p *peer) {
			p.wantClose(frame.StatusProtocolError)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{MaxSendLen: 100000})
				p.sendTogether("one", "two")
				echo(t, c, "one")
				p.wantWrites(0)
				if err := test.end(c); err != nil {
					t.Error(err)
				}
				p.wantWrites(test.writes)
				p.want(true, frame.Text, "one")
				test.want(p)
			})
		})
	}
}

// TestCorkVectored keeps the order where a large frame does not join those
// that are held back.
func TestCorkVectored(t *testing.T) {
	c, p := newTCPPair(t, Config{})
	long := strings.Repeat("x", minVectored+1)
	p.sendTogether("one", long, "three")
	for _, payload := range []string{"one", long, "three"} {
		echo(t, c, payload)
	}
	for _, payload := range []string{"one", long, "three"} {
		p.want(true, frame.Text, payload)
	}
}

// TestCorkPongs answers pings together.
func TestCorkPongs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		var b []byte
		for range 100 {
			b = append(b, p.frame(true, frame.Ping, "ping")...)
		}
		p.sendBytes(append(b, p.frame(true, frame.Text, "text")...))
		wantMessage(t, c, "text", frame.Text)
		c.SendString("answer")
		p.wantWrites(1)
		for range 100 {
			p.want(true, frame.Pong, "ping")
		}
		p.want(true, frame.Text, "answer")
	})
}

// TestCorkFails has the write of what was held back fail. That ends sending, and
// receiving after a while.
func TestCorkFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		p.own.ScriptWrites(wiretest.Step{N: 3, Err: syscall.EPIPE})
		p.sendTogether("one", "two")
		echo(t, c, "one")
		wantFrame(t, c, "two", frame.Text, nil)
		time.AfterFunc(time.Second, func() { p.send(true, frame.Text, "three") })
		wantFrame(t, c, "three", frame.Text, nil)
		if err := c.SendString("four"); !errors.Is(err, syscall.EPIPE) {
			t.Errorf("SendString: %v, want %v", err, syscall.EPIPE)
		}
		wantFatal(t, c, nil)
		wantFrame(t, c, "", 0, syscall.EPIPE)
		wantFatal(t, c, syscall.EPIPE)
		scribbleSlabs(t)
	})
}
