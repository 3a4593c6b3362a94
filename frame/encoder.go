package frame

// An Encoder checks the frames of a sender against the rules of RFC 6455,
// Section 5, and chooses the masking keys. It does no I/O; [Writer] writes the
// frames to an io.Writer.
//
// The zero value encodes the frames of a server, with payloads of up to 65535
// bytes. The fields must not be changed once encoding has begun. Only one
// goroutine may use an Encoder at a time.
type Encoder struct {
	// MaxPayloadLen is the largest payload of a data frame, in bytes. If zero,
	// 65535 is used. If negative, there is no limit.
	MaxPayloadLen int64

	// Masked is whether frames are masked, as those of a client must be.
	Masked bool

	closed  bool
	message message
}

// Next returns the header of the next frame, which carries payload.
// [AppendFrame] encodes the two. If the frame may not be sent at this point, err
// is [ErrSendTooLong], [ErrSendFrame], [ErrSendText], [ErrSendStatusCode] or
// [ErrSendClosed], to be compared with [errors.Is], and the Encoder is unchanged.
// Next does not modify or retain payload.
func (e *Encoder) Next(fin bool, op Opcode, payload []byte) (Header, error) {
	if err := e.check(fin, op, payload); err != nil {
		return Header{}, err
	}
	next := e.message
	switch op {
	case Close:
		e.closed = true
	case Text, Binary:
		next = begin(op, false)
	}
	if !op.IsControl() {
		if next.isText() {
			next.text = next.text.next(payload)
			// Section 5.6: "the whole message MUST contain valid UTF-8".
			if next.text == utf8Reject || fin && next.text != utf8Accept {
				return Header{}, ErrSendText
			}
		}
		if fin {
			next = message{}
		}
		e.message = next
	}
	h := Header{Fin: fin, Opcode: op, Masked: e.Masked, Length: int64(len(payload))}
	if h.Masked {
		h.MaskKey = newMaskKey()
	}
	return h, nil
}

// Idle reports whether the Encoder is between two messages, so that the next
// frame may begin one: no fragmented message is open, and no Close frame has
// been sent.
func (e *Encoder) Idle() bool { return !e.closed && e.message.opcode == 0 }

// check returns the error of the first rule that the frame breaks, or nil.
func (e *Encoder) check(fin bool, op Opcode, payload []byte) error {
	switch {
	// Section 5.5.1: "The application MUST NOT send any more data frames after
	// sending a Close frame." The peer would not read a control frame either.
	case e.closed:
		return ErrSendClosed
	case !op.IsControl() && int64(len(payload)) > payloadLimit(e.MaxPayloadLen):
		return sendTooLong(int64(len(payload)), payloadLimit(e.MaxPayloadLen))
	case op.isReserved():
		return errSendReserved
	case op == Continuation && e.message.opcode == 0:
		return errSendNoMessage
	case (op == Text || op == Binary) && e.message.opcode != 0:
		return errSendOpenMessage
	case op.IsControl() && len(payload) > maxControlLen:
		return sendControlTooLong(len(payload))
	case op.IsControl() && !fin:
		return errSendControlFragmented
	case op == Close:
		return checkSendClose(payload)
	}
	return nil
}

func checkSendClose(payload []byte) error {
	switch _, _, err := ParseClose(payload); err {
	case nil:
		return nil
	case ErrInvalidUTF8:
		return ErrSendText
	}
	return ErrSendStatusCode
}
