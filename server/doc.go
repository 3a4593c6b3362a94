// Package server is the server's side of WebSocket connections (RFC 6455). It mirrors
// OpenResty's Lua module resty.websocket.server: the same methods with the same results,
// in Go's types.
//
//	http.Handle("/s", server.Handler(nil, func(wb *server.Conn) {
//		for {
//			data, typ, err := wb.RecvMessage()
//			if err != nil || wb.SendMessage(typ, data) != nil {
//				return
//			}
//		}
//	}))
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
// frame, and CloseNow those that the client takes in 5 milliseconds. A process that exits
// without any of these may lose frames whose Send methods have returned nil.
//
// # Opening and closing
//
// [Handler] makes an [http.Handler] of a function that serves one connection. [Sessions]
// makes one of callbacks, which take a twelfth of the memory while clients are silent. [New]
// does the opening handshake inside the caller's own handler. All of them answer a request
// with an HTTP error if it is not valid, or comes from a page of another origin. In a test,
// [resty.websocket/client.DialHandler] connects to a handler without a port.
//
// [Conn.Close] does the closing handshake and closes TCP, all in 5 seconds at most.
//
// # Compression
//
// Options.Deflate turns permessage-deflate (RFC 7692) on, if the client offers it, and says
// when it pays. Compression betrays a secret that travels beside text of a stranger's:
// [Conn.SendPlain] is for secrets.
//
// # Many connections
//
// A [Group] is a set of connections: those of a server, through Options.Group, and those of
// each room, through [Group.Add]. A connection that ends leaves its groups by itself.
// [Group.Broadcast] sends a [Prepared] message to all members and waits for none, as
// [Conn.Offer] does for one connection. A member that is too slow is closed or skipped.
// [Group.Shutdown] tells all clients that the server goes away.
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
// its end, only while a goroutine receives, or while Sessions waits for its next message.
//
// # Limits
//
// Memory grows with the bytes that have arrived, never with a length that a header declares.
//
//	limit                       default      option         beyond it
//	payload of a frame, sent    65535 bytes  MaxSendLen     frame.ErrSendTooLong
//	  received by RecvFrame     65535 bytes  MaxRecvLen     Close 1009, from the header alone
//	payload of a control frame  125 bytes                   Close 1002; sent: frame.ErrSendFrame
//	message, received           1 MiB        MaxMessageLen  Close 1009; NextReader: no limit
//	fragments of it             131072                      Close 1008; NextReader: no limit
//	time of a call              none         Timeout        os.ErrDeadlineExceeded
//	frames not yet written      64 KiB                      Send methods wait
//	messages offered            1 MiB        MaxBacklog     ErrBacklogFull
//
// # Strictness and errors
//
// The package follows RFC 6455 to the letter, in what it receives and in what it sends. Each
// MUST and SHOULD has a test, by testdata/rfc6455.txt. A fault of the client is a
// [*frame.ProtocolError]. The client is sent a Close frame with the RFC's code for it, which
// arrives even if the client is in the middle of sending.
//
// The client's own Close frame is a [*frame.CloseError]. A mistake of the caller is a sentinel
// of package frame, such as [frame.ErrSendText]: nothing is sent, and the connection goes on.
// An error of the transport is passed on, so that [errors.Is] finds [os.ErrDeadlineExceeded],
// [net.ErrClosed] or [io.EOF] in it. [Conn.Fatal] tells whether the connection is over.
package server
