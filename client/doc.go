// Package client is the client's side of WebSocket connections (RFC 6455). It mirrors
// OpenResty's Lua module resty.websocket.client: the same methods with the same results,
// in Go's types.
//
//	wb, _, err := client.Connect(ctx, "wss://example.com/chat", nil)
//	if err != nil {
//		return err
//	}
//	defer wb.Close()
//	if err := wb.SendString("hello"); err != nil {
//		return err
//	}
//	data, typ, err := wb.RecvMessage()
//
// # Connecting
//
// [Connect] dials, through a proxy if the environment or the Options name one, speaks
// TLS for wss, and does the opening handshake. It checks the response against all rules
// of RFC 6455. Its context bounds all of that, and nothing after it. Package client does
// not connect again when a connection is lost; an example shows how a caller can.
//
// A [Pool] keeps connections for further use, as OpenResty's set_keepalive does. It is
// for protocols where any connection will do for the next request.
//
// # Reading
//
// [Conn.RecvMessage] returns whole messages and takes care of control frames. Most
// programs need no other method to receive. [Conn.RecvFrame] is OpenResty's recv_frame:
// it returns each frame as it comes, control frames included, and leaves all answers to
// the caller.
//
// The data is only valid until the next call to either. A connection answers pings and
// notices its end only while a goroutine receives.
//
// # Writing
//
// [Conn.SendMessage] sends a whole message of any length. SendText, SendString and
// SendBinary send a message in one frame, which may have MaxSendLen bytes. No method
// modifies or retains its argument. A frame that breaks the protocol or exceeds a limit
// is refused with an error; nothing is sent then, and the connection goes on. Each frame
// is masked with a key that cannot be predicted.
//
// Frames that are sent close together leave together, because a system call costs more
// than a short frame:
//
//   - A Send method writes its frame at once, unless a write is under way or has ended
//     less than 50 µs ago. Otherwise it returns, and a goroutine writes all frames that
//     gather meanwhile. When 64 KiB have gathered, further sends wait, within Timeout.
//   - While the receiving goroutine works on messages that arrived together, frames are
//     held back for a millisecond at most. They leave with the answer to the last one.
//
// Close frames and frames of 32 KiB or more are written by their Send methods, behind
// all that was sent before. [Conn.Flush] returns when all frames are written.
// Options.NoDelay makes every Send method write its frame.
//
// [Conn.Offer] sends a [Prepared] message and never waits, not even for a server that
// does not read.
//
// # Compression
//
// Options.Deflate turns permessage-deflate (RFC 7692) on, if the server accepts it. It
// pays where the network is slower than the processor and messages are text: JSON
// shrinks to a quarter or a fifth, for about ten microseconds of processor time a KiB,
// in each direction, at the fastest level. Messages below a threshold, messages that
// would not shrink, and fragments are sent as they are. [Conn.SendPlain] is for secrets.
//
// With context takeover, which the zero value of [handshake.Deflate] asks for, a message
// may refer to the 32 KiB before it, so that short messages shrink as well. To receive,
// a connection then holds up to 32 KiB while it is open. While a Recv call waits and no
// compressed message has come for 5 to 10 seconds, these are held compressed, JSON as a
// fifth. To send, the connections that were used last have a compressor of about a
// megabyte each, out of 32 MiB for the whole process; a connection that has lost its
// compressor goes on with a fresh one. Without takeover nothing is held between two
// messages.
//
// # Closing
//
// [Conn.Close] does the closing handshake, waits for the server to close the TCP
// connection and closes it too, all in 5 seconds at most. If the server breaks the
// protocol, it is sent a Close frame with the status code that RFC 6455 has for the
// fault.
//
// # Timeouts
//
// Options.Timeout bounds each call as a whole. A receive that runs into it loses
// nothing: the next one goes on at the same byte, even inside a frame. A send that runs
// into it while it waits for its turn has sent nothing. If it has begun to write, it may
// have cut a frame in two, and nothing can be sent any more. The server's last messages
// can still be received; see [Conn.Fatal].
//
// # Concurrency
//
// Multiple goroutines may invoke all methods of a Conn but RecvFrame and RecvMessage
// simultaneously. Only one goroutine may receive at a time, while others send.
//
// # Errors
//
// The errors of Connect are [*handshake.Error]. A connection has three kinds of errors.
// A fault of the server is a [*frame.ProtocolError], and its Close frame is a
// [*frame.CloseError]. A mistake of the caller is a sentinel of package frame, such as
// [frame.ErrSendTooLong]. An error of the transport is passed on, so that [errors.Is]
// finds [os.ErrDeadlineExceeded], [net.ErrClosed] or [io.EOF] in it. [Conn.Fatal] tells
// whether the connection is over.
package client
