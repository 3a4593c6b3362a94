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
// # Messages
//
// Most programs need no other level than that of messages: [Conn.RecvMessage],
// [Conn.AppendMessage] and [Conn.SendMessage]. A message is received whole, in whatever
// frames it comes, and control frames are taken care of. The data of RecvMessage is only
// valid until the next call that receives. AppendMessage is for programs that keep
// messages. A [Prepared] is for many connections; [Conn.Offer] sends it without waiting.
//
// Messages too long to be in memory as a whole are streams: [Conn.NextReader] and
// [Conn.NextWriter]. While a writer is open, other messages wait for its Close.
// [Conn.Stream] is the level of bytes: a [net.Conn] over messages.
//
// # Frames
//
// [Conn.RecvFrame] is OpenResty's recv_frame: it returns each frame as it comes, control
// frames included, and leaves all answers to the caller. [Conn.SendFrame], and the
// methods that are named after a type of frame, such as [Conn.SendText], send one, masked
// with a key that cannot be predicted. A frame that breaks the protocol or exceeds a
// limit is refused with an error; nothing is sent then, and the connection goes on. No
// method modifies or retains its argument.
//
// # When frames leave
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
// all that was sent before. Options.NoDelay makes every Send method write its frame.
//
// If a Send method returns nil, the frame was written or accepted. The error of a write
// that fails later is that of the next Send method, of Flush or of Close. [Conn.Flush]
// returns when all frames are written. Close writes them before its Close frame, and
// CloseNow those that the server takes in 5 milliseconds. A process that exits without
// any of these may lose frames that were accepted.
//
// # Connecting
//
// [Connect] dials, through a proxy if the environment or the Options name one, speaks
// TLS for wss, and does the opening handshake. An example shows how a caller connects
// again. A [Pool] keeps connections for further use, as OpenResty's set_keepalive does.
//
// # Compression
//
// Options.Deflate turns permessage-deflate (RFC 7692) on, if the server accepts it. With
// context takeover a message may refer to those before it, without it nothing is held
// between two messages. Compression pays where the network is slower than the processor
// and messages are text: JSON shrinks to a quarter or a fifth, for about ten microseconds
// of processor time a KiB, in each direction, at the fastest level. [Conn.SendPlain] is for
// secrets. [resty.websocket/server.Options] says more.
//
// # Closing
//
// [Conn.Close] does the closing handshake, waits for the server to close TCP and closes
// it too, all in 5 seconds at most. If the server breaks the protocol, it is sent a
// Close frame with the status code that RFC 6455 has for the fault.
//
// # Timeouts and contexts
//
// Options.Timeout bounds each call as a whole. A receive that runs into it loses
// nothing: the next one goes on at the same byte. A send that runs into it may have cut
// a frame in two, which ends sending. [Conn.SetRecvContext] bounds receives by a
// context in the same way. If a context is to end the connection, [context.AfterFunc]
// calls [Conn.CloseNow]. [Conn.Context] is done when the connection ends.
//
// # Concurrency
//
// Multiple goroutines may invoke all methods of a Conn simultaneously, except that only
// one may receive at a time, while others send. A connection answers pings, and notices
// its end, only while a goroutine receives.
//
// # Testing
//
// [DialHandler] connects to a handler without a port. In a bubble of
// [testing/synctest] that takes no time, whatever the Timeout.
//
//	dial := client.DialHandler(handler)
//	wb, _, err := client.Connect(t.Context(), "ws://test/", &client.Options{Dial: dial})
//
// # Limits and strictness
//
// The limits of connections are those of [resty.websocket/server], with the same names,
// and the rules are the same: the package follows RFC 6455 to the letter. A client also
// has these limits:
//
//	limit                            default  beyond it
//	header of the response           64 KiB   Connect fails
//	body of a refusal                4 KiB    cut
//	idle connections, Pool.MaxIdle   30       closed
//	idle time, Pool.IdleTimeout      60 s     closed
//
// Connect fails, with the response, unless the status is 101 and Upgrade, Connection and
// Sec-WebSocket-Accept are right, or if the server chooses a subprotocol or an extension
// that was not offered (Section 4.1). The keys that mask frames cannot be predicted: they
// are ChaCha8's, seeded by the system (Section 5.3).
//
// # Errors
//
// A connection has three kinds of errors. A fault of the server is a
// [*frame.ProtocolError], and its Close frame is a [*frame.CloseError]. A mistake of
// the caller is a sentinel of package frame, such as [frame.ErrSendTooLong]. An error of
// the transport is passed on, so that [errors.Is] finds [os.ErrDeadlineExceeded],
// [net.ErrClosed] or [io.EOF] in it. [Conn.Fatal] tells whether the connection is over.
package client
