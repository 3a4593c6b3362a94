package endpoint

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// A plainTimeouts is a connection whose timeouts are net.Errors and nothing else,
// such as a stream of yamux.
type plainTimeouts struct{ *wiretest.Conn }

type plainTimeout struct{}

func (plainTimeout) Error() string   { return "i/o deadline reached" }
func (plainTimeout) Timeout() bool   { return true }
func (plainTimeout) Temporary() bool { return true }

func plain(n int, err error) (int, error) {
	if err == os.ErrDeadlineExceeded {
		err = plainTimeout{}
	}
	return n, err
}

func (c plainTimeouts) Read(p []byte) (int, error)  { return plain(c.Conn.Read(p)) }
func (c plainTimeouts) Write(p []byte) (int, error) { return plain(c.Conn.Write(p)) }

// newPlainPair is newPair over a plainTimeouts.
func newPlainPair(t *testing.T, cfg Config) (*Conn, *peer) {
	t.Helper()
	own, other := wiretest.Pipe()
	c, p := connect(t, cfg, plainTimeouts{own}, other)
	p.own = own
	return c, p
}

// TestPlainTimeout has Recv calls time out at each byte of a message. Nothing is lost.
func TestPlainTimeout(t *testing.T) {
	for _, way := range recvs {
		t.Run(way.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPlainPair(t, Config{Timeout: time.Second})
				for i, b := range p.frame(true, frame.Text, "message") {
					start := time.Now()
					_, _, err := way.recv(c)
					if took := time.Since(start); err != os.ErrDeadlineExceeded || took != time.Second {
						t.Fatalf("%s after %d bytes: %v after %v, want a timeout after a second", way.name, i, err, took)
					}
					wantFatal(t, c, nil)
					p.sendBytes([]byte{b})
				}
				if data, _, err := way.recv(c); string(data) != "message" || err != nil {
					t.Errorf("%s = %q, %v", way.name, data, err)
				}
			})
		})
	}
}

// TestPlainTimeoutOfSend has sends run into Timeout, with the error of all others.
func TestPlainTimeoutOfSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPlainPair(t, Config{Timeout: time.Second})
		p.stopReading()
		start := time.Now()
		if err := c.SendString("x"); err != os.ErrDeadlineExceeded || time.Since(start) != time.Second {
			t.Errorf("SendString: %v after %v, want a timeout after a second", err, time.Since(start))
		}
		if err := c.Close(frame.StatusNormalClosure); err != os.ErrDeadlineExceeded {
			t.Errorf("Close: %v, want a timeout", err)
		}
	})
}

// TestPlainTimeoutOfPongs has the peer take a Pong byte by byte, each within Timeout.
func TestPlainTimeoutOfPongs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPlainPair(t, Config{Timeout: time.Second})
		p.stopReading()
		p.send(true, frame.Ping, "")
		p.send(true, frame.Text, "at once")
		time.AfterFunc(900*time.Millisecond, func() { p.own.SetWriteBuffer(1) })
		time.AfterFunc(1800*time.Millisecond, func() { p.own.SetWriteBuffer(2) })
		wantMessage(t, c, "at once", frame.Text)
		<-time.After(2 * time.Second)
		p.want(true, frame.Pong, "")
		wantFatal(t, c, nil)
	})
}

// TestPlainTimeoutOfWindow has a deadline pass that is the time to compress the
// window, of which the Recv call does not tell.
func TestPlainTimeoutOfWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPlainPair(t, Config{Deflate: takeover})
		k := newTalker(p)
		message := mixed(20_000)
		k.say(message)
		wantMessage(t, c, message, frame.Text)
		time.AfterFunc(time.Minute, func() { k.sayAgain(message) })
		wantMessage(t, c, message, frame.Text)
	})
}

// TestPlainTimeoutOfWatch has Watch end a wait through a deadline.
func TestPlainTimeoutOfWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPlainPair(t, Config{})
		for range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if err := errors.Join(c.Watch(ctx), c.Reusable(), c.Fatal()); err != nil {
				t.Fatal(err)
			}
			p.send(true, frame.Text, "again")
			wantMessage(t, c, "again", frame.Text)
		}
	})
}

// TestTimeoutOfTheKernel has the kernel give up the peer, which it says with an error
// that is a timeout too. It is the end, with Timeout and without.
func TestTimeoutOfTheKernel(t *testing.T) {
	for _, timeout := range []time.Duration{0, time.Hour} {
		for _, pair := range []func(t *testing.T, cfg Config) (*Conn, *peer){newPair, newPlainPair} {
			synctest.Test(t, func(t *testing.T) {
				c, p := pair(t, Config{Timeout: timeout})
				p.own.ScriptReads(wiretest.Step{Err: syscall.ETIMEDOUT})
				wantFrame(t, c, "", 0, syscall.ETIMEDOUT)
				wantFatal(t, c, syscall.ETIMEDOUT)

				c, p = pair(t, Config{Timeout: timeout})
				p.own.ScriptWrites(wiretest.Step{Err: syscall.ETIMEDOUT})
				if err := c.SendString("x"); err != syscall.ETIMEDOUT {
					t.Errorf("SendString: %v, want %v", err, syscall.ETIMEDOUT)
				}

				c, p = pair(t, Config{Timeout: timeout})
				p.own.ScriptReads(wiretest.Step{Err: syscall.ETIMEDOUT})
				if err := c.Watch(t.Context()); err != syscall.ETIMEDOUT {
					t.Errorf("Watch: %v, want %v", err, syscall.ETIMEDOUT)
				}
			})
		}
	}
}

// An idler is a connection whose Read returns no byte and no error, so many times.
type idler struct {
	net.Conn
	times *int // negative: for ever
}

func (c idler) Read(p []byte) (int, error) {
	if *c.times == 0 {
		return c.Conn.Read(p)
	}
	*c.times--
	return 0, nil
}

// TestNoProgress has a connection return no byte and no error, for ever. It ends.
func TestNoProgress(t *testing.T) {
	for _, test := range []struct {
		name string
		call func(c *Conn) error
	}{
		{"RecvFrame", func(c *Conn) error { _, _, err := c.RecvFrame(); return err }},
		{"RecvMessage", func(c *Conn) error { _, _, err := c.RecvMessage(); return err }},
		{"Close", func(c *Conn) error { return c.Close(frame.StatusNormalClosure) }},
		{"Watch", func(c *Conn) error { return c.Watch(context.Background()) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, role := range []frame.Role{frame.Server, frame.Client} {
				own, other := wiretest.Pipe()
				forever := -1
				c, _ := connect(t, Config{Role: role, Timeout: time.Second}, idler{own, &forever}, other)
				if err := test.call(c); err != io.ErrNoProgress || c.Fatal() != err {
					t.Errorf("%v, Fatal: %v, want %v", err, c.Fatal(), io.ErrNoProgress)
				}
				if calls := -1 - forever; calls != maxEmptyReads {
					t.Errorf("%d reads, want %d", calls, maxEmptyReads)
				}
			}
		})
	}
}

// TestSomeProgress has a connection return no byte and no error so often that it may.
func TestSomeProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own, other := wiretest.Pipe()
		times := 0
		c, p := connect(t, Config{}, idler{own, &times}, other)
		message := strings.Repeat("x", 60000) // more than a read takes
		p.send(true, frame.Text, message)
		times = maxEmptyReads - 1
		wantMessage(t, c, message, frame.Text)
		times = maxEmptyReads - 1
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := c.Watch(ctx); err != nil {
			t.Errorf("Watch: %v", err)
		}
	})
}
