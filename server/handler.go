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
// The http.Server does not know about the connection any more: its Close and Shutdown
// neither close it nor wait for it, as [Group.Shutdown] does. Of a TCP or Unix socket that
// is not wrapped, the net.Conn that ConnState and ConnContext were called with is closed,
// because the socket has moved to another one: see [Conn.NetConn].
//
// The context of the Conn's Request has the values of the original one. It is
// never done; [Conn.Context] is done when the connection ends. ForgetRequest lets go
// of what is kept of the request.
func Handler(opts *Options, fn func(*Conn)) http.Handler {
	return upgrading(opts, func(c *Conn, s *http.Server) { go c.serve(fn, s)() })
}

// upgrading returns a handler that does the opening handshake, and has begin serve the
// connection without waiting. The http.Server has accepted it, and may be nil.
func upgrading(opts *Options, begin func(*Conn, *http.Server)) http.Handler {
	o := newOpener(opts, true)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		s, _ := ctx.Value(http.ServerContextKey).(*http.Server)
		c, err := o.open(w, r.WithContext(context.WithoutCancel(ctx)))
		if err == nil {
			begin(c, s)
		}
	})
}

// serve returns a function that serves the connection, which s has accepted: it runs fn and
// closes the connection. It returns a function instead of being it, because a method
// value would take another frame of a stack that must stay small.
func (c *Conn) serve(fn func(*Conn), s *http.Server) func() {
	return func() {
		code := frame.StatusInternalError
		defer func() {
			if code != frame.StatusNormalClosure { // fn panicked, or called runtime.Goexit
				c.logPanic(recover(), s)
			}
			c.close(code)
		}()
		fn(c)
		code = frame.StatusNormalClosure
	}
}

// close closes a connection that is not served any more.
func (c *Conn) close(code frame.StatusCode) {
	c.conn.Close(code)
	if m := c.memberships(); m != nil {
		m.release()
	}
}

// logPanic logs what fn panicked with, as net/http does for its handlers.
func (c *Conn) logPanic(v any, s *http.Server) {
	if v == nil || v == http.ErrAbortHandler {
		return
	}
	stack := make([]byte, 64<<10)
	stack = stack[:runtime.Stack(stack, false)]
	logf := log.Printf
	if s != nil && s.ErrorLog != nil {
		logf = s.ErrorLog.Printf
	}
	logf("server: panic serving %v: %v\n%s", c.conn.NetConn().RemoteAddr(), v, stack)
}
