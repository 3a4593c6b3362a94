package server

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/endpoint"
	"resty.websocket/internal/socket"
)

// A Conn is a connection to a client.
//
// Multiple goroutines may invoke all methods simultaneously, except that only one
// goroutine may receive at a time: call RecvFrame, RecvMessage, AppendMessage, NextReader
// or a method of the reader that NextReader has returned.
type Conn struct {
	conn     *endpoint.Conn
	request  atomic.Pointer[http.Request]
	protocol string
}

// ErrAgain is the error of a frame that is not the last of its message: more
// fragments follow. Fatal stays nil.
var ErrAgain = endpoint.ErrAgain

// ErrPeerSilent is the error of a connection that Options.Heartbeat has ended: nothing
// has come from the client for that long after a Ping. It is no timeout: the connection is
// over. There is no closing handshake, and Close closes TCP at once.
var ErrPeerSilent = endpoint.ErrPeerSilent

// New does the server's half of the opening handshake (RFC 6455, Section 4.2)
// and takes the connection over from net/http. The caller owns it from then on
// and has to close it, at the latest when the handler returns. A nil opts
// means the defaults.
//
// If the handshake fails, the error is a [*handshake.Error] with a reason and the
// status with which New has answered the request: 400, 403 for an origin, 405, 426 for
// a version, 500, 503 for Options.Group, or 505 for HTTP/2. The status is 0 if the
// connection broke before it was answered. The handler has only to return. If KeepAlive
// or WriteBuffer has a value that the system does not take, the connection is closed
// behind the answer, and the status is 101.
//
// The handler must not have begun a response: see [handshake.Server.Upgrade]. The
// 101 must be written within the http.Server's WriteTimeout, or within 10 seconds
// if it has none. The server's timeouts do not apply to the connection afterwards.
//
// net/http keeps a goroutine and buffers for a handler that stays, so that a
// connection takes some 21 KB. With [Handler] it takes 6 to 8 KB.
func New(w http.ResponseWriter, r *http.Request, opts *Options) (*Conn, error) {
	o := newOpener(opts, false)
	return o.open(w, r)
}

// An opener opens connections with the same Options, in the form in which they are used.
type opener struct {
	opts      *Options
	handshake handshake.Server
	settings  *endpoint.Settings
	// The connections are served by Handler or Sessions: they wait in the library's own
	// poller, and count in their groups until they are released.
	served bool
}

// defaults are what nil Options mean. They are only read.
var defaults Options

func newOpener(opts *Options, served bool) opener {
	if opts == nil {
		opts = &defaults
	}
	return opener{opts, opts.handshake(), opts.settings(), served}
}

// open is New.
func (o *opener) open(w http.ResponseWriter, r *http.Request) (c *Conn, err error) {
	g := o.opts.Group
	if g == nil {
		return o.upgrade(w, r)
	}
	if refusal := g.reserve(); refusal != nil {
		refuse(w, refusal)
		return nil, refusal
	}
	defer func() {
		if c == nil { // the handshake has failed or panicked
			g.giveBack()
		}
	}()
	if c, err = o.upgrade(w, r); err == nil {
		g.open(c, o.served)
	}
	return c, err
}

// upgrade does the opening handshake.
func (o *opener) upgrade(w http.ResponseWriter, r *http.Request) (*Conn, error) {
	up, err := o.handshake.Upgrade(w, r)
	if err != nil {
		return nil, err
	}
	if err := endpoint.SetSocketOptions(up.Conn, o.opts.KeepAlive, o.opts.WriteBuffer); err != nil {
		up.Conn.Close()
		return nil, &handshake.Error{Status: http.StatusSwitchingProtocols, Reason: "bad KeepAlive or WriteBuffer", Err: err}
	}
	if o.served {
		if own, err := socket.Take(up.Conn); err == nil {
			up.Conn = own
		}
	}
	c := &Conn{conn: o.settings.New(up.Conn, up.Deflate, up.Early), protocol: up.Protocol}
	c.request.Store(r)
	return c, nil
}

// Request returns the request that opened the connection, or nil after
// ForgetRequest. Its body is empty.
func (c *Conn) Request() *http.Request { return c.request.Load() }

// ForgetRequest drops the request of the opening handshake (RFC 6455, Section
// 4.2.1), with its header and its context: about 1.6 KB, a quarter of the memory of an
// idle connection. Request returns nil from then on. ForgetRequest is for a program
// that has very many connections and has taken from the request all that it needs.
// Further calls do nothing.
func (c *Conn) ForgetRequest() { c.request.Store(nil) }

// Protocol returns the subprotocol that was chosen, or "" if there is none.
func (c *Conn) Protocol() string { return c.protocol }

// NetConn returns the connection underneath. A caller that reads from it, writes to
// it or sets its deadlines breaks the WebSocket connection. Timeouts are set with
// SetTimeout.
//
// With [New], and for a net.Conn of the program's own listener, it is what the http.Server
// has accepted, such as a [*net.TCPConn] or a [*tls.Conn]. [Handler] and [Sessions] move a
// TCP or Unix socket of package net's to a type of their own where the system allows it,
// so that an assertion to *net.TCPConn fails. Both types have SyscallConn, CloseWrite,
// SetNoDelay, SetKeepAlive, SetLinger, SetReadBuffer and SetWriteBuffer, and a caller
// asserts those that it needs:
//
//	if tcp, ok := wb.NetConn().(interface{ SetNoDelay(bool) error }); ok {
//		err := tcp.SetNoDelay(false)
//	}
func (c *Conn) NetConn() net.Conn { return c.conn.NetConn() }

// LocalAddr returns the server's address of the connection underneath.
func (c *Conn) LocalAddr() net.Addr { return c.conn.LocalAddr() }

// RemoteAddr returns the client's address of the connection underneath. Behind a
// proxy it is the proxy's.
func (c *Conn) RemoteAddr() net.Addr { return c.conn.RemoteAddr() }

// SetTimeout changes Options.Timeout for the calls that follow. A call that is
// under way keeps the value that it began with. Zero or less means no bound.
// Options.SendTimeout, if it is set, stays as it is.
func (c *Conn) SetTimeout(d time.Duration) { c.conn.SetTimeout(d) }

// SetRecvContext bounds the calls that receive by ctx: the call that is under way, and
// those that follow until another context is set. When ctx is done, a call that would
// have to wait returns an error that is [os.ErrDeadlineExceeded]. As after a Timeout,
// the connection goes on, and nothing is lost: the next call that may wait goes on at
// the same byte. [context.Background] removes the bound. Timeout holds as well.
//
//	wb.SetRecvContext(ctx)
//	data, typ, err := wb.RecvMessage()
//	wb.SetRecvContext(context.Background())
//
// The price is that of one [context.AfterFunc] for each context that is set. Messages
// cost no more than without. Sends are not bounded, and neither is Close. The
// connection underneath must have deadlines: without them, ctx has no effect.
func (c *Conn) SetRecvContext(ctx context.Context) { c.conn.SetRecvContext(ctx) }

// Latency returns the time from the last Ping of Options.Heartbeat that the client has
// answered to its Pong, or 0 before the first. It contains the time that the Ping waited
// behind other frames, and the time until a goroutine received the Pong.
func (c *Conn) Latency() time.Duration { return c.conn.Latency() }

// Fatal returns the error that ended the connection, or nil while it can be used.
// After the client's Close frame that is a [*frame.CloseError]. An error once
// returned stays the same.
//
// A Send method that fails ends sending alone: all sends return its error from then
// on, while Fatal is nil and the client's last messages and its Close frame can be
// received. If the client sends none, Fatal is the send's error 5 seconds later.
func (c *Conn) Fatal() error { return c.conn.Fatal() }

// Context returns a context that is done when the connection ends. [context.Cause] of
// it is the error that Fatal returns. It has the values of the context of Request, but
// not its cancellation or deadline; after ForgetRequest it has none. All calls return
// the context of the first one, which makes it. A connection whose Context is not used
// pays nothing for it.
//
// The context is done whatever ends the connection: the client's Close frame, a fault
// of the client, the end of TCP, Close or CloseNow. As a connection notices the first
// three only while a goroutine receives, or Sessions waits for a message, the context does
// not tell about them otherwise. After a failed send it is done as soon as Fatal is not nil and a Recv call,
// Fatal or Context notices.
func (c *Conn) Context() context.Context {
	values := context.Background()
	if r := c.Request(); r != nil {
		values = r.Context()
	}
	return c.conn.Context(values)
}

// Close closes the connection. Unless a Close frame was sent already, it sends
// one: with [frame.StatusNormalClosure], or with the client's own code if the
// client's Close frame has been received. Then it waits for the client's Close
// frame and closes TCP, before the client does (RFC 6455, Section 7.1.1). Frames that
// come before the client's Close frame are dropped, unless another goroutine
// receives them meanwhile.
//
// Close takes 5 seconds at most; blocked Recv and Send calls return. While 8192 closing
// handshakes of the process wait for silent peers, a further one takes 5 milliseconds at
// most. If Fatal is an error that is no [*frame.CloseError], no Close frame is sent. The
// result is nil if both Close frames were exchanged. Further calls return the same.
func (c *Conn) Close() error { return c.conn.Close(frame.StatusNormalClosure) }

// CloseNow closes TCP without a closing handshake. Blocked calls return
// [net.ErrClosed]. If TCP was closed already, the result is nil.
//
// Frames that were accepted are written before, if the client takes them within 5
// milliseconds.
//
// CloseNow may be called from [context.AfterFunc], to have the end of a context end the
// connection and with it the calls that wait. See SetRecvContext for a bound that does
// not end it.
func (c *Conn) CloseNow() error { return c.conn.CloseNow() }
