package server

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"resty.websocket/frame"
)

// serve starts a server with Handler.
func serve(t *testing.T, opts *Options, fn func(*Conn), config func(*http.Server)) *httptest.Server {
	t.Helper()
	ts := httptest.NewUnstartedServer(Handler(opts, fn))
	if config != nil {
		config(ts.Config)
	}
	ts.Start()
	t.Cleanup(ts.Close)
	return ts
}

// TestHandlerCloses has fn end in all its ways.
func TestHandlerCloses(t *testing.T) {
	for _, test := range []struct {
		name   string
		fn     func(c *Conn)
		code   frame.StatusCode
		logged string
	}{
		{"7.4.1/returns", func(*Conn) {}, frame.StatusNormalClosure, ""},
		{"7.4.1/panics", func(*Conn) { panic("what a mess") }, frame.StatusInternalError, "what a mess"},
		{"7.4.1/panics_with_an_error", func(c *Conn) { panic(os.ErrNotExist) }, frame.StatusInternalError, os.ErrNotExist.Error()},
		{"7.4.1/panics_without_its_request", func(c *Conn) { c.ForgetRequest(); panic("what a mess") }, frame.StatusInternalError, "what a mess"},
		{"7.4.1/aborts", func(*Conn) { panic(http.ErrAbortHandler) }, frame.StatusInternalError, ""},
		{"7.4.1/ends_its_goroutine", func(*Conn) { runtime.Goexit() }, frame.StatusInternalError, ""},
		{"7.4.1/has_sent_another_code", func(c *Conn) { c.SendClose(4000, "") }, 4000, ""},
		{"7.4.1/has_sent_another_code_and_panics", func(c *Conn) { c.SendClose(4000, ""); panic("late") }, 4000, "late"},
	} {
		t.Run(test.name, func(t *testing.T) {
			logged := make(entries, 2)
			ts := serve(t, nil, test.fn, func(s *http.Server) { s.ErrorLog = log.New(logged, "", 0) })
			nc := dial(t, ts.Listener.Addr(), "")
			wantClose(t, nc, test.code)
			io.WriteString(nc, sent(true, frame.Close, ""))
			if rest, err := io.ReadAll(nc); len(rest) > 0 || err != nil {
				t.Errorf("received %q, %v, want the end", rest, err)
			}
			checkLog(t, logged, test.logged, nc.LocalAddr().String())
		})
	}
}

// entries are what was logged.
type entries chan string

func (e entries) Write(p []byte) (int, error) {
	e <- string(p)
	return len(p), nil
}

// checkLog checks what was logged of a panic with the value v, by a connection
// that has ended. An empty v is of one that logs nothing.
func checkLog(t *testing.T, all entries, v, addr string) {
	t.Helper()
	var logged string
	select {
	case logged = <-all:
	default:
	}
	if v == "" {
		if logged != "" {
			t.Errorf("logged %q, want nothing", logged)
		}
		return
	}
	for _, want := range []string{"server: panic serving " + addr + ": ", v, "goroutine ", "handler_test.go"} {
		if !strings.Contains(logged, want) {
			t.Errorf("logged %q, want %q in it", logged, want)
		}
	}
}

// TestHandlerLogs where the http.Server has no ErrorLog.
func TestHandlerLogs(t *testing.T) {
	logged := make(entries, 2)
	log.SetOutput(logged)
	defer log.SetOutput(os.Stderr)
	ts := serve(t, nil, func(*Conn) { panic("oh") }, nil)
	nc := dial(t, ts.Listener.Addr(), "")
	wantClose(t, nc, frame.StatusInternalError)
	io.WriteString(nc, sent(true, frame.Close, ""))
	io.Copy(io.Discard, nc)
	checkLog(t, logged, "oh", nc.LocalAddr().String())
}

// TestHandlerContext has the HTTP handler return, whose context ends with it:
// the connection's has its values and goes on.
func TestHandlerContext(t *testing.T) {
	type key struct{}
	returned := make(chan bool)
	checked := make(chan bool)
	h := Handler(nil, func(c *Conn) {
		defer close(checked)
		<-returned
		ctx := c.Request().Context()
		if ctx.Value(key{}) != "kept" {
			t.Errorf("the value has become %v", ctx.Value(key{}))
		}
		if ctx.Err() != nil || ctx.Done() != nil {
			t.Errorf("the context is done: %v", ctx.Err())
		}
		if path := c.Request().URL.Path; path != "/" {
			t.Errorf("the path is %q", path)
		}
	})
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(context.WithValue(r.Context(), key{}, "kept"))
		h.ServeHTTP(w, r.WithContext(ctx))
		cancel()
		close(returned)
	}))
	defer ts.Close()
	nc := dial(t, ts.Listener.Addr(), "")
	<-checked
	wantClose(t, nc, frame.StatusNormalClosure)
}

// TestForgetRequest has the collector take the request while the connection goes
// on.
func TestForgetRequest(t *testing.T) {
	forgotten := make(chan bool)
	ts := serve(t, nil, func(c *Conn) {
		runtime.AddCleanup(c.Request(), func(int) { close(forgotten) }, 0)
		c.ForgetRequest()
		if r := c.Request(); r != nil {
			t.Errorf("the request is %v", r)
		}
		for {
			runtime.GC()
			select {
			case <-forgotten:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}, nil)
	wantClose(t, dial(t, ts.Listener.Addr(), ""), frame.StatusNormalClosure)
}

// TestHandlerRefuses what New refuses, and does not call fn.
func TestHandlerRefuses(t *testing.T) {
	ts := serve(t, nil, func(*Conn) { t.Error("fn is called") }, nil)
	resp, err := http.Get(ts.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("answered with %s", resp.Status)
	}
}
