package server

import (
	"context"
	"log"
	"net/http"
	"runtime"

	"resty.websocket/frame"
)

// Handler returns a handler that does the opening handshake and has fn serve
// the connection, on a goroutine of its own: the HTTP handler returns at once,
// so that what net/http holds for a request is free again. A nil opts
// means the defaults; opts must not be changed afterwards.
//
// When fn returns, the connection is closed as by [Conn.Close]. If fn panics,
// the status code is 1011, and the panic and its stack are logged to the
// http.Server's ErrorLog, except that of [http.ErrAbortHandler]; the process
// goes on.
//
// The context of the Conn's Request has the values of the original one. It is
// not cancelled.
func Handler(opts *Options, fn func(*Conn)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := New(w, r.WithContext(context.WithoutCancel(r.Context())), opts)
		if err == nil {
			go c.serve(fn)
		}
	})
}

// serve runs fn and closes the connection.
func (c *Conn) serve(fn func(*Conn)) {
	code := frame.StatusInternalError
	defer func() {
		if code != frame.StatusNormalClosure { // fn panicked, or called runtime.Goexit
			c.logPanic(recover())
		}
		c.conn.Close(code)
	}()
	fn(c)
	code = frame.StatusNormalClosure
}

// logPanic logs what fn panicked with, as net/http does for its handlers.
func (c *Conn) logPanic(v any) {
	if v == nil || v == http.ErrAbortHandler {
		return
	}
	stack := make([]byte, 64<<10)
	stack = stack[:runtime.Stack(stack, false)]
	logf := log.Printf
	if s, ok := c.request.Context().Value(http.ServerContextKey).(*http.Server); ok && s.ErrorLog != nil {
		logf = s.ErrorLog.Printf
	}
	logf("server: panic serving %v: %v\n%s", c.conn.NetConn().RemoteAddr(), v, stack)
}
