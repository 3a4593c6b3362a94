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
// # Messages and frames
//
// Most programs need [Conn.RecvMessage] and [Conn.SendMessage] alone. A message is received
// whole, in whatever frames it comes, and control frames are taken care of. The data is only
// valid until the next call that receives. [Conn.AppendMessage] is for programs that keep
// messages. [Conn.NextReader] and [Conn.NextWriter] are for messages too long to be in
// memory as a whole. [Conn.Stream] is the level of bytes: a [net.Conn] over messages.
//
// [Conn.RecvFrame] is OpenResty's recv_frame: it returns each frame as it comes, control
// frames included, and leaves all answers to the caller. [Conn.SendFrame], and the methods
// that are named after a type of frame, such as [Conn.SendText], send one.
//
// # When frames leave
//
// Frames that are sent close together leave together, because a system call costs more than
// a short frame. A Send method writes its frame at once, unless a write is under way or has
// ended less than 50 µs ago. Otherwise it returns, and a goroutine writes all frames that
// gather meanwhile. While the receiving goroutine works on messages that arrived together,
// frames wait for the answer to the last one, a millisecond at most. Close frames and frames
// of 32 KiB or more, and with Options.NoDelay all frames, are written by their Send methods,
// behind all that was sent before.
//
// [Conn.Flush] returns when all frames are written. Close writes them before its Close
// frame, and CloseNow those that the server takes in 5 milliseconds. A process that exits
// without any of these may lose frames whose Send methods have returned nil.
//
// # Connecting and closing
//
// [Connect] dials, through a proxy if the environment or the Options name one, speaks TLS for
// wss, and does the opening handshake. It fails, with the response, unless the status is 101
// and Upgrade, Connection and Sec-WebSocket-Accept are right, or if the server chooses a
// subprotocol or an extension that was not offered (RFC 6455, Section 4.1). An example shows
// how a caller connects again. A [Pool] keeps connections for further use, as OpenResty's
// set_keepalive does.
//
// [Conn.Close] does the closing handshake, waits for the server to close TCP and closes it
// too, all in 5 seconds at most.
//
// # Compression
//
// Options.Deflate turns permessage-deflate (RFC 7692) on, if the server accepts it, and
// [resty.websocket/server.Options] says when it pays. Compression betrays a secret that
// travels beside text of a stranger's: [Conn.SendPlain] is for secrets.
//
// # Timeouts and concurrency
//
// Options.Timeout bounds each call as a whole. A receive that runs into it loses nothing:
// the next one goes on at the same byte. A send that runs into it may have cut a frame in
// two, which ends sending. [Conn.SetRecvContext] bounds receives by a context, and
// [Conn.Context] is done when the connection ends.
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
// # Limits
//
// The limits of connections are those of [resty.websocket/server], with the same names. A
// client also has these:
//
//	limit                            default  beyond it
//	header of the response           64 KiB   Connect fails
//	body of a refusal                4 KiB    cut
//	idle connections, Pool.MaxIdle   30       closed
//	idle time, Pool.IdleTimeout      60 s     closed
//
// # Strictness and errors
//
// The package follows RFC 6455 to the letter, in what it receives and in what it sends. Each
// MUST and SHOULD has a test, by testdata/rfc6455.txt. A fault of the server is a
// [*frame.ProtocolError], and the server is sent a Close frame with the RFC's code for it. The
// keys that mask frames are ChaCha8's, seeded by the system: unpredictable (Section 5.3).
//
// The server's own Close frame is a [*frame.CloseError]. A mistake of the caller is a sentinel
// of package frame, such as [frame.ErrSendText]: nothing is sent, and the connection goes on.
// An error of the transport is passed on, so that [errors.Is] finds [os.ErrDeadlineExceeded],
// [net.ErrClosed] or [io.EOF] in it. [Conn.Fatal] tells whether the connection is over.
package client
