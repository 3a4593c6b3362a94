package client

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/endpoint"
)

// A Conn is a connection to a server.
//
// Multiple goroutines may invoke all methods simultaneously, except that only one
// goroutine may receive at a time: call RecvFrame, RecvMessage, AppendMessage, NextReader
// or a method of the reader that NextReader has returned.
//
// A Conn that [Pool.Put] has taken back is over: Fatal and all methods that
// receive or send return an error that is [net.ErrClosed].
type Conn struct {
	endpoint atomic.Pointer[endpoint.Conn]
	response *http.Response
	protocol string
	reused   int
}

// conn returns the connection that the methods of c are about. After Put that is
// givenBack.
func (c *Conn) conn() *endpoint.Conn { return c.endpoint.Load() }

// ErrAgain is the error of a frame that is not the last of its message: more
// fragments follow. Fatal stays nil.
var ErrAgain = endpoint.ErrAgain

// ErrPeerSilent is the error of a connection that Options.Heartbeat has ended: nothing
// has come from the server for that long after a Ping. It is no timeout: the connection is
// over. There is no closing handshake, and Close closes TCP at once.
var ErrPeerSilent = endpoint.ErrPeerSilent

// Response returns the response that opened the connection. Its body is empty.
func (c *Conn) Response() *http.Response { return c.response }

// Protocol returns the subprotocol that the server has chosen, or "" if there
// is none.
func (c *Conn) Protocol() string { return c.protocol }

// ReusedTimes returns how many times [Pool.Get] has taken the connection from the
// pool, as OpenResty's getreusedtimes does. It is 0 if the connection was made for
// the caller.
//
// A server may close a connection at the moment at which it is used again. A
// request that fails on a connection with ReusedTimes above 0 may therefore
// succeed on another.
func (c *Conn) ReusedTimes() int { return c.reused }

// NetConn returns the connection underneath. A caller that reads from it, writes to
// it or sets its deadlines breaks the WebSocket connection. Timeouts are set with
// SetTimeout.
func (c *Conn) NetConn() net.Conn { return c.conn().NetConn() }

// LocalAddr returns the client's address of the connection underneath.
func (c *Conn) LocalAddr() net.Addr { return c.conn().LocalAddr() }

// RemoteAddr returns the server's address of the connection underneath. Behind a proxy
// it is the proxy's.
func (c *Conn) RemoteAddr() net.Addr { return c.conn().RemoteAddr() }

// SetTimeout changes Options.Timeout for the calls that follow. A call that is
// under way keeps the value that it began with. Zero or less means no bound.
// Options.SendTimeout, if it is set, stays as it is.
func (c *Conn) SetTimeout(d time.Duration) { c.conn().SetTimeout(d) }

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
func (c *Conn) SetRecvContext(ctx context.Context) { c.conn().SetRecvContext(ctx) }

// Latency returns the time from the last Ping of Options.Heartbeat that the server has
// answered to its Pong, or 0 before the first. It contains the time that the Ping waited
// behind other frames, and the time until a goroutine received the Pong.
func (c *Conn) Latency() time.Duration { return c.conn().Latency() }

// Fatal returns the error that ended the connection, or nil while it can be used.
// After the server's Close frame that is a [*frame.CloseError]. An error once
// returned stays the same.
//
// A Send method that fails ends sending alone: all sends return its error from then
// on, while Fatal is nil and the server's last messages and its Close frame can be
// received. If the server sends none, Fatal is the send's error 5 seconds later.
func (c *Conn) Fatal() error { return c.conn().Fatal() }

// Context returns a context that is done when the connection ends. [context.Cause] of
// it is the error that Fatal returns. It has no values: those of Connect's context are
// about the opening handshake, or about the first of many users of a connection from a
// [Pool]. All calls return the context of the first one, which makes it. A connection
// whose Context is not used pays nothing for it.
//
// The context is done whatever ends the connection: the server's Close frame, a fault
// of the server, the end of TCP, Close or CloseNow. As a connection notices the first
// three only while a goroutine receives, the context does not tell about them if none
// does. After a failed send it is done as soon as Fatal is not nil and a Recv call,
// Fatal or Context notices. [Pool.Put] ends it as well.
func (c *Conn) Context() context.Context { return c.conn().Context(context.Background()) }

// Close closes the connection. Unless a Close frame was sent already, it sends
// one: with [frame.StatusNormalClosure], or with the server's own code if the
// server's Close frame has been received. Then it waits for the server's Close
// frame, and for the server to close TCP, which the server should do first (RFC
// 6455, Section 7.1.1). Frames that come before the server's Close frame are
// dropped, unless another goroutine receives them meanwhile.
//
// Close takes 5 seconds at most; blocked Recv and Send calls return. While 8192 closing
// handshakes of the process wait for silent peers, a further one takes 5 milliseconds at
// most. If Fatal is an error that is no [*frame.CloseError], no Close frame is sent. The
// result is nil if both Close frames were exchanged. Further calls return the same.
func (c *Conn) Close() error { return c.conn().Close(frame.StatusNormalClosure) }

// CloseNow closes TCP without a closing handshake. Blocked calls return
// [net.ErrClosed]. If TCP was closed already, the result is nil.
//
// Frames that were accepted are written before, if the server takes them within 5
// milliseconds.
//
// CloseNow may be called from [context.AfterFunc], to have the end of a context end the
// connection and with it the calls that wait. See SetRecvContext for a bound that does
// not end it.
func (c *Conn) CloseNow() error { return c.conn().CloseNow() }
