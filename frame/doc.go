// Package frame implements the data framing of the WebSocket protocol: the
// codec of RFC 6455, Section 5, the status codes of Section 7.4 and the
// validation of text that Section 8.1 requires.
//
// A frame is a header and a payload. Data frames carry text or binary data. A
// message is one data frame, or several, which are then called its fragments:
// the first fragment names the type, the others are continuation frames, and
// the last one has Fin set. Close, ping and pong are control frames. They are
// short, are never fragmented, and may stand between the fragments of a
// message. A client masks each frame with a key that the frame carries; a
// server does not mask. A [Role] says which of the two this side of the
// connection is.
//
// The package has two layers. The lower one does no I/O: [ParseHeader],
// [AppendHeader], [AppendFrame], [Mask], [ParseClose] and [AppendClose] are
// functions on bytes, and [Decoder] and [Encoder] check a whole stream of
// frames against the protocol's rules. In the upper layer, [Reader] and
// [Writer] apply the two to an [io.Reader] and an [io.Writer]. The package
// implements neither the opening handshake nor deadlines, and it does not
// answer pings or Close frames.
//
// # Reading
//
// [Reader.ReadFrame] returns one frame at a time, fragments and control frames
// in the order in which they arrive, with the payload unmasked:
//
//	r := frame.NewReader(conn, frame.Server, 0)
//	for {
//		f, err := r.ReadFrame()
//		if err != nil {
//			return err
//		}
//		...
//	}
//
// The Reader has checked the frame: its mask, reserved bits and opcode, the
// shortest form of its length, the order of fragments, the size and the body of
// a control frame, the UTF-8 of text and of a Close frame's reason, and the
// limits on a frame's payload and on the number of a message's fragments. Text
// is validated as it arrives, across frames and reads, and fails at the first
// byte that cannot be part of any text, even if the frame is far from its end.
// The Reader does not limit the length of a whole message: a caller that joins
// fragments must.
//
// # Writing
//
// [Writer.WriteFrame] writes one frame with one call to Write. It refuses each
// frame that the peer would have to refuse, fragments out of order and invalid
// UTF-8 included, and any frame after a Close frame. A client's frames are
// masked, each with a fresh key from a cryptographically strong source.
//
// # Memory
//
// The payload of a frame that a [Reader] returns is only valid until the next
// call to ReadFrame. Functions that take a payload to send do not modify or
// retain it. Only [Mask] and [Decoder.Decode] work in place.
//
// The length that a header declares is compared with the limit as an int64,
// and allocates nothing. A Reader's buffer grows with the bytes that have
// arrived, to about twice as many at most, and is kept. Once the buffer has
// reached its size, reading does not allocate.
//
// # Concurrency
//
// Multiple goroutines may call the package's functions simultaneously. Only one
// goroutine at a time may use a Reader, Writer, [Decoder] or [Encoder]. A Reader
// and a Writer on the same connection share no state, and two goroutines may use
// them side by side.
//
// # Errors
//
// There are three kinds of errors, told apart by type:
//
//   - The peer broke the protocol, or exceeded a limit: a [*ProtocolError], with
//     the status code of the Close frame that tells the peer. [errors.Is]
//     compares it with the package's variables, such as [ErrUnmasked]. It ends
//     reading: all further calls return the same error.
//   - The caller made a mistake: [ErrSendTooLong], [ErrSendFrame],
//     [ErrSendText], [ErrSendStatusCode] or [ErrSendClosed], also to be compared
//     with errors.Is. Nothing was written, and the next frame may be.
//   - The transport failed: its own error, unchanged, so that
//     errors.Is(err, os.ErrDeadlineExceeded) works. A read that timed out, even
//     inside a frame, loses nothing and can be repeated. A write that failed may
//     have left half a frame behind, and ends writing.
//
// [io.EOF] is the end of a stream between two frames, or after a Close frame.
// An end inside a frame is [io.ErrUnexpectedEOF].
package frame
