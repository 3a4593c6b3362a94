package server

import (
	"errors"
	"fmt"
	"net/http"

	"resty.websocket/frame"
	"resty.websocket/internal/endpoint"
)

// A Session is a program's side of a connection that [Sessions] serves.
type Session interface {
	// Message is called with each whole message, one at a time and in their order, as
	// [Conn.RecvMessage] would return it. The data is only valid until Message returns.
	// Message may take its time: other connections do not wait for it, and what the
	// client sends meanwhile waits in the system's buffer.
	Message(data []byte, typ frame.Opcode)

	// Close is called once when the connection has ended, after the last Message. The
	// err is never nil: it is what RecvMessage would return, such as a
	// [*frame.CloseError], or [net.ErrClosed] after Close or CloseNow of the Conn. After
	// a panic of Message it says so. When Close returns, the connection is closed as
	// when the function of [Handler] returns.
	Close(err error)
}

// Sessions returns a handler that does the opening handshake and serves the connection
// by callbacks. A connection whose client is silent takes neither a goroutine nor a
// buffer: some 600 bytes in all, a twelfth of what [Handler] takes. It waits in the poller
// of the system: epoll on Linux, kqueue on macOS and the BSDs. A nil opts means the
// defaults; opts must not be changed afterwards.
//
// When the connection is open, open is called with it and returns the Session, which
// may keep the Conn to send. If open returns nil, the connection is closed. Request
// returns the request until open returns, and nil from then on. The calls that receive
// are Sessions' own, except that open and Message may call them: they wait for the
// client, and hold a goroutine meanwhile.
//
// Options.Timeout bounds sends, and the calls that open and Message make to receive. It
// does not bound how long a client may be silent; Options.Heartbeat does. A context of
// [Conn.SetRecvContext] bounds the calls of one Message, and not what follows.
//
// If open or Message panics, the status code is 1011, and the panic is logged as that of
// a Handler's function is. So is a panic of Close.
//
// The http.Server and its net.Conns are to Sessions what they are to [Handler]: see there.
//
// A connection that does not wait in the poller is served the same way on a goroutine of
// its own: one over TLS, one whose net.Conn was made by the program's own listener, and
// all of them on other systems.
func Sessions(opts *Options, open func(*Conn) Session) http.Handler {
	return upgrading(opts, func(c *Conn, s *http.Server) {
		(&session{conn: c, open: open, server: s}).begin()
	})
}

// A session is a connection that is served by callbacks. Between two messages it waits
// in the poller, or for a worker; see workers.
type session struct {
	conn    *Conn
	open    func(*Conn) Session
	handler Session      // what open has returned
	server  *http.Server // that has accepted the connection; may be nil
	next    *session     // in workers
}

// begin serves s, on a worker or on a goroutine of its own.
func (s *session) begin() {
	if s.conn.conn.Parks() {
		serving.open(s)
	} else {
		go s.serve()
	}
}

// Wake has s served when there may be something to receive.
func (s *session) Wake() { serving.wake(s) }

// errNotReturned is why a connection has ended whose callback ended its goroutine.
var errNotReturned = errors.New("server: a callback of Sessions called runtime.Goexit")

// serve calls Message until the client has nothing more to say, and Close if the
// connection has ended.
func (s *session) serve() {
	parked, err, code := false, errNotReturned, frame.StatusInternalError
	defer func() {
		if v := recover(); v != nil {
			s.conn.logPanic(v, s.server)
			err = fmt.Errorf("server: panic: %v", v)
		}
		if !parked {
			s.end(err, code)
		}
	}()
	parked, err = s.messages()
	code = frame.StatusNormalClosure
}

// messages returns with parked when another goroutine may be serving s already.
func (s *session) messages() (parked bool, err error) {
	if s.handler == nil {
		s.handler = s.open(s.conn)
		s.conn.ForgetRequest()
	}
	for s.handler != nil {
		data, typ, err := s.conn.conn.PollMessage()
		switch {
		case err == endpoint.ErrNothing:
			if s.conn.conn.Park(s) {
				return true, nil
			}
		case err != nil:
			return false, err
		default:
			s.handler.Message(data, typ)
		}
	}
	return false, nil
}

// end tells the Session that err has ended the connection, and closes it.
func (s *session) end(err error, code frame.StatusCode) {
	defer func() {
		if v := recover(); v != nil {
			s.conn.logPanic(v, s.server) // the connection is over, or code tells of a panic already
		}
		s.conn.close(code)
		if s.conn.conn.Parks() {
			serving.closed()
		}
	}()
	if s.handler != nil {
		s.handler.Close(err)
	}
}
