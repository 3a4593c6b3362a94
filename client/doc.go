// Package client is the client's side of WebSocket connections (RFC 6455). It
// mirrors the Lua module resty.websocket.client of OpenResty: the same methods
// with the same results, as Go would have them.
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
// [Connect] dials, through a proxy if the environment or the Options have one,
// speaks TLS for wss, and does the opening handshake. The response is held to
// every rule that RFC 6455 has for it. Its context bounds all of that, and
// nothing after it. To connect again when a connection was lost is up to the
// caller; there is an example.
//
// # Reading
//
// [Conn.RecvMessage] is what most programs want: whole messages, with the
// control frames taken care of. [Conn.RecvFrame] is OpenResty's recv_frame:
// every frame as it comes, the control frames too, and all answers are left to
// the caller.
//
// What they return is only valid until the next of these calls. A connection on
// which nobody receives answers no ping, and does not notice its end.
//
// # Writing
//
// Each Send method sends one frame with one write, masked with a key that cannot
// be predicted. It neither modifies nor retains its argument. A frame that breaks
// the protocol or a limit is refused with an error; nothing is sent then, and the
// connection goes on.
//
// # Compression
//
// Options.Deflate turns permessage-deflate (RFC 7692) on, if the server accepts it.
// It is worth it where the network is slower than the processor, and messages
// are text: JSON shrinks to a quarter or a fifth, for about ten microseconds of
// processor time a KiB, in each direction, at the fastest level. Messages below a
// threshold, those that would not shrink, and fragments are sent as they are.
// Secrets are for [Conn.SendPlain].
//
// With context takeover, which the zero value of [handshake.Deflate] asks for, a
// message may refer to the 32 KiB before it, so that short messages shrink as
// well. To receive, a connection then holds up to 32 KiB while it is open; one that
// waits in a Recv call, and has had no compressed message for 5 to 10 seconds, holds
// them compressed, JSON as a fifth. To send, the connections that were used last
// have a compressor of about a megabyte each, out of 32 MiB for the whole process;
// one that has lost its compressor goes on with a fresh one. Without takeover
// nothing is held between two messages.
//
// # Closing
//
// [Conn.Close] does the closing handshake, waits for the server to close the TCP
// connection and closes it too, all in 5 seconds at most. A peer that breaks the
// protocol is told so by a Close frame with the status code that RFC 6455 has for
// it.
//
// # Pooling
//
// A [Pool] keeps connections for further use, as OpenResty's set_keepalive does.
// It is for protocols where any connection will do for the next request.
//
// # Timeouts
//
// Options.Timeout bounds each call as a whole. A receive that runs into it has
// lost nothing: the next one goes on at the same byte, be it inside a frame. A
// send that runs into it may have cut a frame in two, which ends the connection.
//
// # Concurrency
//
// Multiple goroutines may invoke all methods of a Conn but RecvFrame and
// RecvMessage simultaneously. Only one goroutine may receive at a time, while
// others send.
//
// # Errors
//
// Connect's are [*handshake.Error]. On the connection there are three kinds. The
// peer's faults are [*frame.ProtocolError], and its goodbye is
// [*frame.CloseError]. The caller's mistakes are sentinels of package frame, such
// as [frame.ErrSendTooLong]. Errors of the transport are passed on, so that
// [errors.Is] finds [os.ErrDeadlineExceeded], [net.ErrClosed] or [io.EOF] in them.
// [Conn.Fatal] tells whether the connection is over.
package client
