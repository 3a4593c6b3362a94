package endpoint

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// TestNothingIsPendingAfterAFailure has the endpoint be asked for Pongs and a Close
// frame after a write has failed. No goroutine is busy with them.
func TestNothingIsPendingAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		p.own.ScriptWrites(wiretest.Step{N: 1, Err: syscall.EPIPE})
		c.SendString("fails")
		p.send(true, frame.Ping, "ping")
		p.send(true, frame.Text, "text")
		wantMessage(t, c, "text", frame.Text)
		wantAllSent(t, c)
		c.send.mu.Lock()
		c.send.sendClose(frame.StatusGoingAway, "", never)
		c.send.mu.Unlock()
		wantAllSent(t, c)
		p.wantWrites(1)
	})
}

// TestNothingIsWrittenAfterFailedSend has Pings and a Close frame arrive when a send has
// failed, perhaps inside a frame. Nothing is written behind that, and nothing tries to.
func TestNothingIsWrittenAfterFailedSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		p.own.ScriptWrites(wiretest.Step{N: 3, Err: syscall.EPIPE})
		if err := c.SendString("cut"); err == nil {
			t.Fatal("SendString: nil")
		}
		for _, text := range []string{"one", "two"} {
			p.send(true, frame.Ping, text)
			p.send(true, frame.Text, text)
			wantMessage(t, c, text, frame.Text)
			synctest.Wait() // which has no end if a goroutine tries for ever
		}
		p.sendClose(4000, "")
		_, _, err := c.RecvMessage()
		wantClosed(t, err, 4000, "")
		synctest.Wait()
		c.Close(frame.StatusNormalClosure)
		p.wantWrites(1)
	})
}

// TestNothingIsWrittenAfterTimeout is the same for sockets, which take no more than the
// beginning of a frame in time, and more of it later.
func TestNothingIsWrittenAfterTimeout(t *testing.T) {
	for _, transport := range transports {
		if transport.name == "memory" || transport.name == "net.Pipe" {
			continue
		}
		t.Run(transport.name, func(t *testing.T) {
			c, p := transport.pair(t, Config{SendTimeout: 5 * time.Millisecond, MaxPayloadLen: -1})
			if err := c.SendFrame(true, frame.Binary, bytes.Repeat([]byte("x"), 32<<20)); err == nil {
				t.Fatal("SendFrame: nil")
			}
			read := make(chan []byte)
			go func() {
				all, _ := io.ReadAll(p.in)
				read <- all
			}()
			for range 100 {
				p.send(true, frame.Ping, "ping")
			}
			p.send(true, frame.Text, "text")
			wantMessage(t, c, "text", frame.Text)
			c.CloseNow()
			if all := <-read; len(all) > 10 && strings.Trim(string(all[10:]), "x") != "" {
				t.Errorf("after %d bytes of a frame comes % .20x", len(all), strings.TrimLeft(string(all[10:]), "x"))
			}
		})
	}
}

// A hooked is a net.Conn whose next Write calls a function, and has written then.
type hooked struct {
	net.Conn
	hook func()
}

func (c *hooked) Write(p []byte) (int, error) {
	if hook := c.hook; hook != nil {
		c.hook = nil
		hook()
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// TestCloseNowWhileWriting has the connection closed during a write that ends only
// later, with more frames pending.
func TestCloseNowWhileWriting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own, other := wiretest.Pipe()
		stuck := make(chan bool)
		c, _ := connect(t, Config{}, &hooked{own, func() { <-stuck }}, other)
		sent := background(func() error { return c.SendString("blocks") })
		offer(t, c, "behind", large("x"))
		start := time.Now()
		c.CloseNow()
		if took := time.Since(start); took > lastFlushTime {
			t.Errorf("CloseNow took %v", took)
		}
		close(stuck)
		if err := <-sent; err != nil {
			t.Errorf("SendString: %v", err)
		}
		wantAllSent(t, c)
	})
}

// TestWritePanics has the net.Conn panic during a write, which may have cut a frame in
// two. Sending has failed then, and no call waits for ever.
func TestWritePanics(t *testing.T) {
	for name, end := range map[string]func(){
		"panic":  func() { panic("as a test") },
		"Goexit": runtime.Goexit,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				own, other := wiretest.Pipe()
				c, p := connect(t, Config{}, &hooked{own, end}, other)
				background(func() error {
					defer func() { recover() }()
					return c.SendString("panics")
				})
				for name, err := range map[string]error{
					"SendString":  c.SendString("behind"),
					"Offer":       c.Offer(prepare(t, frame.Text, "behind")),
					"SendMessage": c.SendMessage(frame.Text, []byte(large("x"))),
					"Flush":       c.Flush(),
				} {
					if !errors.Is(err, io.ErrShortWrite) {
						t.Errorf("%s: %v, want %v", name, err, io.ErrShortWrite)
					}
				}
				wantAllSent(t, c)
				c.CloseNow()
				p.wantEnd()
			})
		})
	}
}

// TestAcceptedFrameFails has the write of frames that were accepted fail at each byte.
// The error comes from the next call, whichever it is.
func TestAcceptedFrameFails(t *testing.T) {
	oops := errors.New("oops")
	for _, call := range []struct {
		name string
		call func(c *Conn) error
	}{
		{"SendString", func(c *Conn) error { return c.SendString("next") }},
		{"SendFrame", func(c *Conn) error { return c.SendFrame(false, frame.Text, []byte(large("x"))) }},
		{"SendMessage", func(c *Conn) error { return c.SendMessage(frame.Text, []byte("next")) }},
		{"SendPrepared", func(c *Conn) error { m, _ := Prepare(frame.Text, nil); return c.SendPrepared(m) }},
		{"Offer", func(c *Conn) error { m, _ := Prepare(frame.Text, nil); return c.Offer(m) }},
		{"Flush", (*Conn).Flush},
		{"SendClose", func(c *Conn) error { return c.SendClose(1000, "") }},
		{"Close", func(c *Conn) error { return c.Close(1000) }},
	} {
		t.Run(call.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				written := "\x81\x03one\x81\x03two\x81\x05three"
				for _, fault := range []struct{ err, want error }{
					{syscall.EPIPE, syscall.EPIPE}, {os.ErrDeadlineExceeded, os.ErrDeadlineExceeded}, {oops, oops}, {nil, io.ErrShortWrite},
				} {
					for i := 5; i < len(written); i++ {
						c, p := newPair(t, Config{})
						p.own.ScriptWrites(wiretest.Step{N: 5}, wiretest.Step{N: i - 5, Err: fault.err}, wiretest.Step{Err: fault.err})
						for i, payload := range []string{"one", "two", "three"} {
							if err := c.SendString(payload); err != nil {
								t.Fatal(err)
							}
							if i == 0 {
								takeTurn(c)
							}
						}
						endTurn(c)
						synctest.Wait()
						err := call.call(c)
						if !errors.Is(err, fault.want) {
							t.Errorf("after %d bytes and %v: %v", i, fault.err, err)
						}
						wantAllSent(t, c)
						c.CloseNow()
						if got, _ := io.ReadAll(p.in); string(got) != written[:i] {
							t.Errorf("the peer has %q, want %q", got, written[:i])
						}
					}
				}
			})
		})
	}
}

// TestDrainHasTimeout has a peer that takes something of what was accepted within each
// Timeout, and then nothing.
func TestDrainHasTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Timeout: time.Second})
		p.own.SetWriteBuffer(1)
		text := strings.Repeat("x", 100)
		offer(t, c, text)
		for range 20 {
			<-time.After(time.Second / 2)
			if _, err := p.in.ReadByte(); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Offer(prepare(t, frame.Text, "")); err != nil {
			t.Errorf("Offer: %v", err)
		}
		<-time.After(3 * time.Second)
		if err := c.Offer(prepare(t, frame.Text, "")); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("Offer: %v, want a timeout", err)
		}
		wantFatal(t, c, nil)
		wantAllSent(t, c)
	})
}
