package client

import "resty.websocket/frame"

// RecvFrame receives one frame, as lua-resty-websocket's recv_frame does.
// Control frames are returned like all others, and answered by nobody but the
// caller.
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
// A timeout is not fatal, and nothing is lost by it, wherever in a frame it
// came. After a Close frame nothing more is received: further calls return the
// same *frame.CloseError with no data. The caller may still answer with
// SendClose, or with Close.
//
// A compressed message comes as one frame, inflated, in however many fragments
// it was sent. The limit of each of them is MaxRecvLen; that of the message is
// MaxMessageLen.
//
// If the server broke the protocol or went over a limit, err is a
// [*frame.ProtocolError], and the server has been sent a Close frame with its
// code.
//
// The data is only valid until the next call to RecvFrame or RecvMessage.
// Only one goroutine may call RecvFrame or RecvMessage at a time.
func (c *Conn) RecvFrame() (data []byte, typ frame.Opcode, err error) { return c.conn().RecvFrame() }

// RecvMessage receives one whole message, put together if it comes in
// fragments: typ is [frame.Text] or [frame.Binary]. Pings are answered, pongs
// dropped. A Close frame is answered and returned as a [*frame.CloseError].
//
// Other errors are as those of RecvFrame, and a message of more than
// MaxMessageLen bytes is one of them. Timeout bounds the whole call; after a
// timeout the next call goes on with the same message, and RecvFrame would
// return what there is of it as one fragment. If RecvFrame has returned the
// beginning of a message, RecvMessage returns the rest of it, with typ
// [frame.Continuation].
//
// The data is only valid until the next call to RecvFrame or RecvMessage.
// Only one goroutine may call RecvFrame or RecvMessage at a time.
func (c *Conn) RecvMessage() (data []byte, typ frame.Opcode, err error) {
	return c.conn().RecvMessage()
}
