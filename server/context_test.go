package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"resty.websocket/frame"
)

type key struct{}

// withValue gives the requests to h a context with a value.
func withValue(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, "value")))
	})
}

// A connection's context has the request's values, outlives the HTTP handler, and ends
// with the connection.
func TestContext(t *testing.T) {
	conns := make(chan *Conn)
	returned := make(chan bool)
	serve := func(c *Conn) {
		conns <- c
		c.RecvMessage()
	}
	viaNew := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := New(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		conns <- c
		context.AfterFunc(r.Context(), func() { returned <- true })
	})
	for name, h := range map[string]http.Handler{"New": viaNew, "Handler": Handler(nil, serve)} {
		t.Run(name, func(t *testing.T) {
			ts := httptest.NewServer(withValue(h))
			defer ts.Close()
			nc := dial(t, ts.Listener.Addr(), "")
			c := <-conns
			defer c.CloseNow()
			ctx := c.Context()
			if name == "New" {
				<-returned
			}
			if ctx.Value(key{}) != "value" || ctx.Err() != nil || c.Context() != ctx {
				t.Errorf("value %v, error %v", ctx.Value(key{}), ctx.Err())
			}
			c.ForgetRequest()
			if c.Context() != ctx {
				t.Error("another context after ForgetRequest")
			}
			nc.Write([]byte(sent(true, frame.Close, "")))
			if name == "New" {
				c.RecvMessage()
			}
			<-ctx.Done()
			if cause := context.Cause(ctx); cause != c.Fatal() || frame.CloseCode(cause) != frame.StatusNoStatusRcvd {
				t.Errorf("cause %v, Fatal %v", cause, c.Fatal())
			}
		})
	}
}

// After ForgetRequest there are no values to have.
func TestContextWithoutRequest(t *testing.T) {
	got := make(chan any, 1)
	ts := httptest.NewServer(withValue(Handler(nil, func(c *Conn) {
		c.ForgetRequest()
		got <- c.Context().Value(key{})
	})))
	defer ts.Close()
	dial(t, ts.Listener.Addr(), "")
	if value := <-got; value != nil {
		t.Errorf("value %v", value)
	}
}
