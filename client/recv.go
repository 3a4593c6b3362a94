package client

import "resty.websocket/frame"

// RecvFrame receives one frame, as lua-resty-websocket's recv_frame does. It
// returns control frames like all others, and answers none of them.
//
//	arrived                              data     typ                        err
//	a message in one frame, or the last  payload  Text, Binary, Continuation nil
//	fragment of one
//	a fragment, more to follow           payload  Text, Binary, Continuation ErrAgain
//	a ping, a pong                       payload  Ping, Pong                 nil
//	a close                              reason   Close                      *frame.CloseError
//	nothing within Timeout               nil      0                          os.ErrDeadlineExceeded
//	anything wrong                       nil      0                          what Fatal returns from then on
//
// The data is nil where it is in Lua ("not data"); an empty payload is not. The typ of an
// error is 0, which is [frame.Continuation] as well: look at err first.
//
// A timeout is not fatal and loses nothing, even inside a frame: the next call
// goes on at the same byte. After a Close frame nothing more is received: further
// calls return the same *frame.CloseError and no data. The caller may still answer
// with SendClose, or with Close.
//
// A compressed message is returned as one frame, inflated, even if it was sent in
// fragments. MaxRecvLen bounds each fragment, and MaxMessageLen the message.
//
// If the server broke the protocol or exceeded a limit, err is a
// [*frame.ProtocolError], and the server has been sent a Close frame with its
// code.
//
// The data is only valid until the next call that receives. Only one goroutine may
// receive at a time.
func (c *Conn) RecvFrame() (data []byte, typ frame.Opcode, err error) { return c.conn().RecvFrame() }

// RecvMessage receives one whole message, and puts it together if it comes in
// fragments. The typ is [frame.Text] or [frame.Binary].
//
// The data is only valid until the next call that receives. A program that keeps a
// message, in a slice or a channel for instance, must copy it or receive it with
// [Conn.AppendMessage]. Otherwise it finds a later message in its place.
//
// RecvMessage answers pings and drops pongs. It answers a Close frame and returns it
// as a [*frame.CloseError]. Other errors are those of RecvFrame. A message of more
// than MaxMessageLen bytes exceeds a limit as well.
//
// Timeout bounds the whole call. After a timeout the next call goes on with the
// same message; RecvFrame would return the part of it that has been received, as a
// fragment. If RecvFrame has returned the beginning of a message, RecvMessage
// returns the rest of it, with typ [frame.Continuation].
//
// Only one goroutine may receive at a time.
func (c *Conn) RecvMessage() (data []byte, typ frame.Opcode, err error) {
	return c.conn().RecvMessage()
}

// AppendMessage is RecvMessage for a message that the caller keeps. It appends the
// message to dst and returns the extended buffer, which the connection does not use
// any more: each fragment is appended as it comes, and a compressed message is
// inflated into the buffer. AppendMessage(nil) allocates a buffer for each message.
//
// With an error, AppendMessage returns dst as it was; the bytes behind its length may
// have changed. A timeout inside a message loses nothing. The connection keeps what it
// has received, and the next call that receives goes on.
//
// The buffer of dst must not be data that RecvMessage or RecvFrame has returned.
func (c *Conn) AppendMessage(dst []byte) (data []byte, typ frame.Opcode, err error) {
	return c.conn().AppendMessage(dst)
}
