// Package server is the server's side of WebSocket connections (RFC 6455). It mirrors
// OpenResty's Lua module resty.websocket.server: the same methods with the same results,
// in Go's types.
//
//	http.Handle("/s", server.Handler(nil, func(wb *server.Conn) {
//		for {
//			data, typ, err := wb.RecvMessage()
//			if err != nil {
//				return
//			}
//			if err := wb.SendMessage(typ, data); err != nil {
//				return
//			}
//		}
//	}))
//
// # Opening
//
// [Handler] makes an [http.Handler] of a function that serves one connection. [New] does
// the opening handshake inside the caller's own handler, which keeps the HTTP server's
// goroutine and buffers for as long as it runs. Both answer a request with an HTTP error
// if it is not valid, or comes from a page of another origin.
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
// is refused with an error; nothing is sent then, and the connection goes on.
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
// [Conn.Offer] sends a [Prepared] message and never waits, not even for a client that
// does not read.
//
// # Compression
//
// Options.Deflate turns permessage-deflate (RFC 7692) on, if the client offers it. It
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
// [Conn.Close] does the closing handshake and closes the TCP connection, all in 5
// seconds at most. If the client breaks the protocol, it is sent a Close frame with the
// status code that RFC 6455 has for the fault.
//
// # Timeouts
//
// Options.Timeout bounds each call as a whole. A receive that runs into it loses
// nothing: the next one goes on at the same byte, even inside a frame. A send that runs
// into it while it waits for its turn has sent nothing. If it has begun to write, it may
// have cut a frame in two, and nothing can be sent any more. The client's last messages
// can still be received; see [Conn.Fatal].
//
// # Concurrency
//
// Multiple goroutines may invoke all methods of a Conn but RecvFrame and RecvMessage
// simultaneously. Only one goroutine may receive at a time, while others send.
//
// # Errors
//
// A connection has three kinds of errors. A fault of the client is a
// [*frame.ProtocolError], and its Close frame is a [*frame.CloseError]. A mistake of the
// caller is a sentinel of package frame, such as [frame.ErrSendTooLong]. An error of the
// transport is passed on, so that [errors.Is] finds [os.ErrDeadlineExceeded],
// [net.ErrClosed] or [io.EOF] in it. [Conn.Fatal] tells whether the connection is over.
package server
