package endpoint

import (
	"errors"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// isClosed reports whether the endpoint has closed its connection.
func (p *peer) isClosed() bool {
	_, err := p.own.Write(nil)
	return err == net.ErrClosed
}

// wantEndOfAll checks that the connection is closed and everything refused.
func (p *peer) wantEndOfAll(c *Conn) {
	p.t.Helper()
	if !p.isClosed() {
		p.t.Error("the connection is not closed")
	}
	if err := c.SendFrame(true, frame.Text, []byte("x")); err == nil {
		p.t.Error("SendFrame after Close: no error")
	}
	if data, typ, err := c.RecvFrame(); data != nil || typ != 0 || err == nil {
		p.t.Errorf("RecvFrame after Close = %q, %v, %v", data, typ, err)
	}
}

// wantClosed checks the error that a Close frame leads to.
func wantClosed(t *testing.T, err error, code frame.StatusCode, reason string) {
	t.Helper()
	var closed *frame.CloseError
	if !errors.As(err, &closed) || closed.Code != code || closed.Reason != reason {
		t.Fatalf("error %v, want close %v %q", err, code, reason)
	}
}

// TestCloseTakesFiveSecondsAtMost has peers that do not answer.
func TestCloseTakesFiveSecondsAtMost(t *testing.T) {
	for _, test := range []struct {
		name    string
		timeout time.Duration
		peer    func(p *peer)
		want    time.Duration
	}{
		{"silent", 0, func(p *peer) {}, closeTimeout},
		{"silent_with_timeout", time.Second, func(p *peer) {}, closeTimeout},
		{"silent_inside_a_frame", 0, func(p *peer) { p.sendBytes([]byte{0x82}) }, closeTimeout},
		{"talks_on", time.Second, func(p *peer) {
			for i := range 10 {
				time.AfterFunc(time.Duration(i)*time.Second, func() { p.Write(p.frame(true, frame.Text, "and")) })
			}
		}, closeTimeout},
		{"does_not_read", 0, func(p *peer) { p.stopReading() }, closeTimeout},
		{"does_not_read_with_timeout", time.Second, func(p *peer) { p.stopReading() }, time.Second},
		{"broke_the_protocol", 0, func(p *peer) { p.send(true, frame.Continuation, "") }, closeTimeout},
	} {
		t.Run("7.1.1/"+test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Timeout: test.timeout})
				test.peer(p)
				start := time.Now()
				if err := c.Close(frame.StatusNormalClosure); err == nil {
					t.Error("Close: nil")
				}
				if took := time.Since(start); took != test.want {
					t.Errorf("Close took %v, want %v", took, test.want)
				}
				p.wantEndOfAll(c)
				<-time.After(10 * time.Second)
			})
		})
	}
}

// stopReading makes the endpoint's writes block.
func (p *peer) stopReading() { p.own.SetWriteBuffer(0) }

// TestCloseSaysThatItWasNotHeard has the peer close, and not take the answer.
func TestCloseSaysThatItWasNotHeard(t *testing.T) {
	for _, recv := range []struct {
		name string
		recv func(c *Conn) error
	}{
		{"RecvFrame", func(c *Conn) error { _, _, err := c.RecvFrame(); return err }},
		{"RecvMessage", func(c *Conn) error { _, _, err := c.RecvMessage(); return err }},
	} {
		t.Run("7.1.3/"+recv.name, func(t *testing.T) {
			c, p := newPair(t, Config{})
			p.own.ScriptWrites(wiretest.Step{N: 2, Err: syscall.EPIPE})
			p.sendClose(4000, "")
			wantClosed(t, recv.recv(c), 4000, "")
			if err := c.Close(frame.StatusNormalClosure); !errors.Is(err, syscall.EPIPE) {
				t.Errorf("Close: %v, want %v", err, syscall.EPIPE)
			}
			wantClosed(t, c.Fatal(), 4000, "")
		})
	}
}

func TestNothingAfterOurClose(t *testing.T) {
	c, p := newPair(t, Config{})
	if err := c.SendClose(frame.StatusNormalClosure, "done"); err != nil {
		t.Fatal(err)
	}
	for _, op := range []frame.Opcode{frame.Text, frame.Binary, frame.Ping, frame.Pong, frame.Close} {
		if err := c.SendFrame(true, op, nil); err != frame.ErrSendClosed {
			t.Errorf("SendFrame(%v): %v, want %v", op, err, frame.ErrSendClosed)
		}
	}
	wantFatal(t, c, nil)
	p.send(true, frame.Text, "still heard")
	p.send(true, frame.Ping, "not answered")
	p.send(true, frame.Text, "this too")
	wantMessage(t, c, "still heard", frame.Text)
	wantMessage(t, c, "this too", frame.Text)
	p.want(true, frame.Close, "\x03\xe8done")
	c.CloseNow()
	p.wantEnd()
}

func TestNothingAfterTheirClose(t *testing.T) {
	c, p := newPair(t, Config{})
	p.sendClose(frame.StatusNormalClosure, "done")
	p.send(true, frame.Text, "too late")
	data, typ, err := c.RecvFrame()
	if string(data) != "done" || typ != frame.Close {
		t.Errorf("RecvFrame = %q, %v", data, typ)
	}
	wantClosed(t, err, frame.StatusNormalClosure, "done")
	for range 2 {
		data, typ, again := c.RecvFrame()
		if data != nil || typ != 0 || again != err {
			t.Errorf("RecvFrame = %q, %v, %v, want %v", data, typ, again, err)
		}
		if _, _, again := c.RecvMessage(); again != err {
			t.Errorf("RecvMessage: %v, want %v", again, err)
		}
	}
	if again := c.SendFrame(true, frame.Text, nil); again != err {
		t.Errorf("SendFrame: %v, want %v", again, err)
	}
	if again := c.Flush(); again != err {
		t.Errorf("Flush: %v, want %v", again, err)
	}
	wantFatal(t, c, err)
}

// TestCloseFromManyGoroutines closes while somebody receives.
func TestCloseFromManyGoroutines(t *testing.T) {
	c, p := newTCPPair(t, Config{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			if _, _, err := c.RecvFrame(); err != nil {
				return
			}
		}
	})
	for range 4 {
		wg.Go(func() {
			if err := c.Close(frame.StatusGoingAway); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
	p.wantClose(frame.StatusGoingAway)
	p.send(true, frame.Text, "one moment")
	p.sendClose(frame.StatusGoingAway, "")
	wg.Wait()
	p.wantEnd()
}

// TestCloseNow has CloseNow end everything that waits.
func TestCloseNow(t *testing.T) {
	for _, test := range []struct {
		name string
		wait func(c *Conn) error
	}{
		{"RecvFrame", func(c *Conn) error { _, _, err := c.RecvFrame(); return err }},
		{"RecvMessage", func(c *Conn) error { _, _, err := c.RecvMessage(); return err }},
		{"SendFrame", func(c *Conn) error { return c.SendFrame(true, frame.Binary, make([]byte, 100)) }},
		{"SendString", func(c *Conn) error { return c.SendString(strings.Repeat("x", 1000)) }},
		{"Close", func(c *Conn) error { return c.Close(frame.StatusNormalClosure) }},
		{"Close_that_waits", func(c *Conn) error {
			c.nc.(*wiretest.Conn).SetWriteBuffer(-1)
			return c.Close(frame.StatusNormalClosure)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{})
				p.stopReading()
				start := time.Now()
				done := make(chan error)
				go func() { done <- test.wait(c) }()
				synctest.Wait()
				if err := c.CloseNow(); err != nil {
					t.Errorf("CloseNow: %v", err)
				}
				if err := <-done; err != net.ErrClosed {
					t.Errorf("%s: %v, want %v", test.name, err, net.ErrClosed)
				}
				if took := time.Since(start); took != 0 {
					t.Errorf("CloseNow took %v", took)
				}
				wantFatal(t, c, net.ErrClosed)
				p.wantEndOfAll(c)
				c.Close(frame.StatusNormalClosure)
				c.CloseNow()
			})
		})
	}
}
