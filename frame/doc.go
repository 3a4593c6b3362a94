// Package frame implements the data framing of the WebSocket protocol: the
// codec of RFC 6455, Section 5, the status codes of Section 7.4 and the
// validation of text that Section 8.1 demands.
//
// A frame is a header and a payload. The frames that carry text or binary data
// are data frames; a message is one of them, or several, which are then its
// fragments: the first names the type, the others are continuations, and the
// last one has Fin set. Close, ping and pong are control frames. They are
// short, are never fragmented, and may stand between the fragments of a
// message. What is sent to a server is masked with a key that the frame
// carries; what is sent to a client is not. A [Role] is one's own side of the
// connection.
//
// The package has two floors. On the lower one there is no I/O: [ParseHeader],
// [AppendHeader], [AppendFrame], [Mask], [ParseClose] and [AppendClose] are
// functions on bytes, and [Decoder] and [Encoder] hold a whole stream of frames
// to the protocol's rules. On the upper one, [Reader] and [Writer] put the two
// on an [io.Reader] and an [io.Writer]. The opening handshake, deadlines, and
// the answers to pings and Close frames are the business of other packages.
//
// # Reading
//
// [Reader.ReadFrame] returns one frame at a time, fragments and control frames
// as they come, with the payload unmasked:
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
// What it returns has been checked: who masks, reserved bits and opcodes, the
// shortest form of lengths, the order of fragments, the size and the body of
// control frames, UTF-8 in text and in the reasons of Close frames, and the
// limits on a frame's payload and on the number of a message's fragments. Text
// is validated as it arrives, across frames and across reads, so that it fails
// at the first byte that cannot be part of any text, even where the frame goes
// on for long. Whoever puts fragments together has to bound the bytes of a whole
// message.
//
// # Writing
//
// [Writer.WriteFrame] writes one frame with one call to Write. It refuses what
// the other side would have to refuse, the order of fragments and UTF-8
// included, and what comes after a Close frame. A client's frames are masked,
// each with a fresh key from a cryptographically strong source.
//
// # Memory
//
// The payload of a frame that a [Reader] returns is only valid until the next
// call to ReadFrame. Functions that take a payload to send do not modify or
// retain it. Only [Mask] and [Decoder.Decode] work in place.
//
// The length that a header declares is compared with the limit as an int64,
// and allocates nothing. A Reader's buffer grows with the bytes that have
// arrived, to no more than about twice as many, and is kept. Once it has its
// size, reading does not allocate.
//
// # Concurrency
//
// Functions may be called from multiple goroutines simultaneously. A Reader,
// Writer, [Decoder] or [Encoder] is for one goroutine at a time; a Reader and a
// Writer on the same connection have nothing in common and may be used side by
// side.
//
// # Errors
//
// There are three kinds, and the type tells which:
//
//   - The peer broke the protocol, or went over a limit: a [*ProtocolError],
//     with the status code of the Close frame that is to tell it. There is one
//     variable per rule, such as [ErrUnmasked], to be compared with [errors.Is].
//     It ends the reading: all further calls return the same error.
//   - The caller asked for what may not be sent: [ErrSendTooLong],
//     [ErrSendFrame], [ErrSendText], [ErrSendStatusCode] or [ErrSendClosed].
//     Nothing was written, and the next frame may be.
//   - The transport failed: its own error, as it is, so that
//     errors.Is(err, os.ErrDeadlineExceeded) works. A read that timed out,
//     wherever in a frame, loses nothing and can be tried again. A write
//     that failed may have left half a frame behind, and ends the writing.
//
// [io.EOF] is the end of a stream between two frames, or after a Close frame;
// an end inside a frame is [io.ErrUnexpectedEOF].
package frame
