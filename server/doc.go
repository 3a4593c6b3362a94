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
// methods that are named after a type of frame, such as [Conn.SendText], send one. A
// frame that breaks the protocol or exceeds a limit is refused with an error; nothing
// is sent then, and the connection goes on. No method modifies or retains its argument.
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
// CloseNow those that the client takes in 5 milliseconds. A process that exits without
// any of these may lose frames that were accepted.
//
// # Opening
//
// [Handler] makes an [http.Handler] of a function that serves one connection. [Sessions]
// makes one of callbacks, which take a fifth of the memory while clients are silent. [New]
// does the opening handshake inside the caller's own handler. All of them answer a request
// with an HTTP error if it is not valid, or comes from a page of another origin.
//
// # Compression
//
// Options.Deflate turns permessage-deflate (RFC 7692) on, if the client offers it. With
// context takeover a message may refer to those before it, without it nothing is held
// between two messages:
//
//	takeover := &handshake.Deflate{}
//	noTakeover := &handshake.Deflate{ServerNoContextTakeover: true, ClientNoContextTakeover: true}
//
// Compression pays where the network is slower than the processor and messages are text:
// JSON shrinks to a quarter or a fifth, for about ten microseconds of processor time a
// KiB, in each direction, at the fastest level. It does not pay for data that is
// compressed already, and for small messages at high rates on a fast network. It betrays
// a secret that travels beside text of a stranger's: [Conn.SendPlain] is for secrets.
//
// Messages below a threshold, messages that would not shrink, and fragments of SendFrame
// are sent as they are. A compressed message is received as one frame, inflated, and
// MaxMessageLen bounds what it may inflate to. Options.Deflate says what it all takes in
// memory. Its costs are in internal/bench/results/compression.md, and the agreements with
// foreign clients and servers in the package comment of internal/interop.
//
// # Closing
//
// [Conn.Close] does the closing handshake and closes the TCP connection, all in 5
// seconds at most. While 8192 of them wait for silent clients, a further one takes 5
// milliseconds at most. If the client breaks the protocol, it is sent a Close frame with the
// status code that RFC 6455 has for the fault.
//
// # Many connections
//
// A [Group] is a set of connections: those of a server, through Options.Group, and those of
// each room, through [Group.Add]. [Group.Broadcast] sends a message to all members and waits
// for none; a member that is too slow is closed or skipped. MaxConns bounds how many there
// are, [Group.Stats] counts, and [Group.Shutdown] tells all clients that the server goes
// away and waits until they have gone. A connection that ends leaves its groups by itself.
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
// its end, only while a goroutine receives, or while Sessions waits for its next message.
//
// # Testing
//
// [resty.websocket/client.DialHandler] connects to a handler without a port. In a
// bubble of [testing/synctest] that takes no time, whatever the Timeout.
//
//	dial := client.DialHandler(handler)
//	wb, _, err := client.Connect(t.Context(), "ws://test/", &client.Options{Dial: dial})
//
// # Limits
//
// Memory grows with the bytes that have arrived, never with a length that a header
// declares. These limits hold unless the Options say otherwise:
//
//	limit                              default                    beyond it
//	payload of a data frame, received  65535 bytes, RecvFrame     Close 1009, from the header alone
//	  MaxRecvLen, MaxPayloadLen        MaxMessageLen, RecvMessage
//	payload of a data frame, sent      65535 bytes                frame.ErrSendTooLong, nothing is sent;
//	  MaxSendLen, MaxPayloadLen                                   SendMessage sends several frames
//	message, MaxMessageLen             1 MiB, NextReader none     Close 1009
//	fragments of a message             131072, NextReader none    Close 1008
//	payload of a control frame         125 bytes                  Close 1002; sent: frame.ErrSendFrame
//	reason in a Close frame, sent      123 bytes                  cut at the border of a rune
//	time of a call                     none                       os.ErrDeadlineExceeded; a send that had
//	  Timeout, SendTimeout                                        begun to write ends sending
//	frames accepted, not yet written   64 KiB                     sends wait
//	messages offered, MaxBacklog       1 MiB                      ErrBacklogFull, nothing of it is sent
//	time of the closing handshake      5 s                        TCP is closed
//	silent clients that Close waits    8192 in the process        5 ms for a further one
//	  for
//
// # Strictness
//
// The package follows RFC 6455 to the letter, in what it receives and in what it sends.
// Each MUST and SHOULD has a test, by testdata/rfc6455.txt. By sections:
//
//   - 4.2.1: a request that is no handshake is refused with 400, 405, 426 or 505, and one
//     from a page of another scheme, host or port with 403, unless Options.Origins or
//     CheckOrigin accepts it. Without TLS, https is accepted, for a proxy that takes TLS off.
//   - 5.1 to 5.5: a frame that is not masked, has reserved bits, a reserved opcode or a
//     length that is not in its shortest form, a fragment out of order, a long or
//     fragmented control frame: 1002, before anything is allocated.
//   - 5.5.1, 7.4: a Close frame has no body, or a valid code and UTF-8. Behind it nothing is
//     delivered and nothing is sent.
//   - 5.5.2: a Ping is answered by RecvMessage, and RecvFrame leaves it to the caller.
//   - 5.6, 8.1: text that is not UTF-8 is 1007, at the first byte that cannot be part of it.
//   - 7.1.1: the server closes TCP first.
//   - 7.1.7: the Close frame that says why a connection fails arrives even if the client is
//     in the middle of sending.
//
// # Errors
//
// A connection has three kinds of errors. A fault of the client is a
// [*frame.ProtocolError], and its Close frame is a [*frame.CloseError]. A mistake of the
// caller is a sentinel of package frame, such as [frame.ErrSendTooLong]. An error of the
// transport is passed on, so that [errors.Is] finds [os.ErrDeadlineExceeded],
// [net.ErrClosed] or [io.EOF] in it. [Conn.Fatal] tells whether the connection is over.
package server
