package client

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"

	"resty.websocket/internal/wiretest"
)

// A connection's context has nothing of Connect's.
func TestContext(t *testing.T) {
	wiretest.NoLeaks(t)
	type key struct{}
	addr := listenTCP(t, accepting(t, echo))
	parent, cancel := context.WithCancel(context.WithValue(context.Background(), key{}, "value"))
	c, _, err := Connect(parent, "ws://"+addr, nil)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	ctx := c.Context()
	if ctx.Value(key{}) != nil || ctx.Err() != nil {
		t.Errorf("value %v, error %v", ctx.Value(key{}), ctx.Err())
	}
	c.CloseNow()
	if cause := context.Cause(ctx); cause != net.ErrClosed || c.Context() != ctx {
		t.Errorf("cause %v", cause)
	}
}

// Put ends the context of the Conn that is given back, and not that of the next.
func TestContextGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), new(Pool)
		c := u.used(p)
		ctx := c.Context()
		put(t, p, c)
		if cause := context.Cause(ctx); !errors.Is(cause, net.ErrClosed) {
			t.Errorf("cause %v", cause)
		}
		if late := c.Context(); context.Cause(late) != c.Fatal() {
			t.Errorf("cause %v after Put", context.Cause(late))
		}
		next := u.used(p)
		if ctx := next.Context(); ctx.Err() != nil {
			t.Errorf("the next one's cause %v", context.Cause(ctx))
		}
		put(t, p, next)
		p.Close()
	})
}
