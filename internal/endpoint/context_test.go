package endpoint

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// A context ends with its connection, and its cause is the error of Fatal.
func TestContextEnds(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(c *Conn, p *peer)
		want error // nil: any
	}{
		{"5.5.1/close", func(c *Conn, p *peer) { p.sendClose(frame.StatusGoingAway, ""); c.RecvMessage() }, &frame.CloseError{Code: frame.StatusGoingAway}},
		{"5.5.1/close_frame", func(c *Conn, p *peer) { p.sendClose(frame.StatusGoingAway, ""); c.RecvFrame() }, &frame.CloseError{Code: frame.StatusGoingAway}},
		{"7.1.7/fault", func(c *Conn, p *peer) { p.send(true, frame.Continuation, ""); c.RecvMessage() }, nil},
		{"10.4/limit", func(c *Conn, p *peer) { p.send(true, frame.Binary, "12345"); c.RecvMessage() }, nil},
		{"tcp/end", func(c *Conn, p *peer) { p.Close(); c.RecvMessage() }, io.EOF},
		{"tcp/reset", func(c *Conn, p *peer) { p.own.Reset(); c.RecvMessage() }, syscall.ECONNRESET},
		{"own/close_now", func(c *Conn, p *peer) { c.CloseNow() }, net.ErrClosed},
		{"own/close", func(c *Conn, p *peer) { c.Close(frame.StatusNormalClosure) }, net.ErrClosed},
		{"own/close_answered", func(c *Conn, p *peer) {
			p.sendClose(frame.StatusNormalClosure, "")
			c.Close(frame.StatusNormalClosure)
		}, &frame.CloseError{Code: frame.StatusNormalClosure}},
		{"send/receiving", func(c *Conn, p *peer) { failSend(c, p); c.RecvMessage() }, errBroken},
		{"send/asking", func(c *Conn, p *peer) { failSend(c, p); <-time.After(lingerTimeout); c.Fatal() }, errBroken},
		{"send/its_own", func(c *Conn, p *peer) { failSend(c, p); <-time.After(lingerTimeout); c.Context(t.Context()) }, errBroken},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{MaxMessageLen: 4})
				ctx := c.Context(t.Context())
				if err := ctx.Err(); err != nil {
					t.Fatalf("%v before the end", err)
				}
				test.end(c, p)
				cause := context.Cause(ctx)
				var closed *frame.CloseError
				same := errors.Is(cause, test.want) || errors.As(test.want, &closed) && frame.CloseCode(cause) == closed.Code
				if ctx.Err() != context.Canceled || cause != c.Fatal() || test.want != nil && !same {
					t.Errorf("%v, cause %v; Fatal %v, want %v", ctx.Err(), cause, c.Fatal(), test.want)
				}
				if late := c.Context(t.Context()); late != ctx {
					t.Error("another call returns another context")
				}
			})
		})
	}
}

var errBroken = errors.New("broken")

// failSend has a send fail.
func failSend(c *Conn, p *peer) {
	p.own.ScriptWrites(wiretest.Step{Err: errBroken})
	c.SendFrame(true, frame.Text, nil)
	c.Flush()
}

// A failed send alone does not end the context.
func TestContextOutlivesSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		ctx := c.Context(t.Context())
		failSend(c, p)
		<-time.After(lingerTimeout - 1)
		if c.Fatal(); ctx.Err() != nil {
			t.Errorf("the context is done: %v", context.Cause(ctx))
		}
	})
}

// The context of a connection that is over is done from the beginning.
func TestContextAfterTheEnd(t *testing.T) {
	c, _ := newPair(t, Config{})
	c.CloseNow()
	if cause := context.Cause(c.Context(t.Context())); cause != net.ErrClosed {
		t.Errorf("cause %v", cause)
	}
}

// The context has the values of the first caller's, and neither its end nor a
// goroutine.
func TestContextValues(t *testing.T) {
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		c, _ := newPair(t, Config{})
		parent, cancel := context.WithTimeout(context.WithValue(context.Background(), key{}, "value"), time.Second)
		ctx := c.Context(parent)
		cancel()
		if ctx.Value(key{}) != "value" || ctx.Err() != nil || ctx.Done() == nil {
			t.Errorf("value %v, error %v", ctx.Value(key{}), ctx.Err())
		}
	}) // which ends when all goroutines have
}

// Calls that come while the connection ends get one context, which ends.
func TestContextRace(t *testing.T) {
	for range 100 {
		synctest.Test(t, func(t *testing.T) {
			c, _ := newPair(t, Config{})
			made := make(chan context.Context, 4)
			for range cap(made) {
				go func() { made <- c.Context(context.Background()) }()
			}
			c.CloseNow()
			first := <-made
			<-first.Done()
			for range cap(made) - 1 {
				if ctx := <-made; ctx != first {
					t.Error("two calls return two contexts")
				}
			}
		})
	}
}

// After LeaveContext, the connection has another context.
func TestLeaveContext(t *testing.T) {
	c, _ := newPair(t, Config{})
	c.LeaveContext(io.EOF) // there is none
	ctx := c.Context(context.Background())
	c.LeaveContext(io.EOF)
	if cause := context.Cause(ctx); cause != io.EOF {
		t.Errorf("cause %v", cause)
	}
	if next := c.Context(context.Background()); next.Err() != nil {
		t.Errorf("the next one is done: %v", context.Cause(next))
	}
}
