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
// [AppendFrame] encodes the two, as [Encoder.AppendFrame] does at once. If the frame may
// not be sent at this point, err is [ErrSendTooLong], [ErrSendFrame], [ErrSendText],
// [ErrSendStatusCode] or [ErrSendClosed], to be compared with [errors.Is], and the
// Encoder is unchanged.
// Next does not modify or retain payload.
func (e *Encoder) Next(fin bool, op Opcode, payload []byte) (h Header, err error) {
	err = e.next(&h, fin, op, payload)
	return h, err
}

// AppendFrame appends the next frame to dst and returns the extended buffer. It is Next and
// the function [AppendFrame] in one call. If the frame may not be sent, AppendFrame returns
// dst as it is, with an error of Next. AppendFrame does not modify or retain payload, which
// must not overlap the free capacity of dst.
func (e *Encoder) AppendFrame(dst []byte, fin bool, op Opcode, payload []byte) ([]byte, error) {
	var h Header
	if err := e.next(&h, fin, op, payload); err != nil {
		return dst, err
	}
	return appendFrame(dst, &h, payload), nil
}

// next is Next. It sets h, which is zero, where it is: see Header.parse.
func (e *Encoder) next(h *Header, fin bool, op Opcode, payload []byte) error {
	if err := e.check(fin, op, int64(len(payload))); err != nil {
		return err
	}
	if op == Close {
		if err := checkSendClose(payload); err != nil {
			return err
		}
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
				return ErrSendText
			}
		}
		if fin {
			next = message{}
		}
		e.message = next
	}
	h.Fin, h.Opcode, h.Length = fin, op, int64(len(payload))
	e.mask(h)
	return nil
}

// NextHeader is Next for a data frame whose payload is not at hand: it is compressed
// (RFC 7692, Section 6.1), or the caller has validated its text. Fin, RSV1, Opcode
// and Length of h are those of the frame; the other fields are ignored. The header
// that NextHeader returns has a masking key if the frame must be masked.
//
// The text of the frame is not validated, nor that of the message's further fragments.
// The error is [ErrSendTooLong], [ErrSendFrame] or [ErrSendClosed], and the Encoder is
// unchanged then. A control frame is refused with ErrSendFrame, and so is RSV1 on a
// continuation frame.
func (e *Encoder) NextHeader(h Header) (Header, error) {
	switch {
	case h.Opcode.IsControl():
		return Header{}, errSendControlUnseen
	// RFC 7692, Section 6, gives RSV1 a meaning on the first fragment alone.
	case h.RSV1 && h.Opcode == Continuation:
		return Header{}, errSendReservedBit
	}
	if err := e.check(h.Fin, h.Opcode, h.Length); err != nil {
		return Header{}, err
	}
	switch {
	case h.Fin:
		e.message = message{}
	case h.Opcode == Continuation:
		e.message = begin(e.message.opcode, true)
	default:
		e.message = begin(h.Opcode, true)
	}
	h = Header{Fin: h.Fin, RSV1: h.RSV1, Opcode: h.Opcode, Length: h.Length}
	e.mask(&h)
	return h, nil
}

// mask gives h a masking key if the Encoder masks.
func (e *Encoder) mask(h *Header) {
	if e.Masked {
		h.Masked, h.MaskKey = true, newMaskKey()
	}
}

// Idle reports whether the Encoder is between two messages, so that the next
// frame may begin one: no fragmented message is open, and no Close frame has
// been sent.
func (e *Encoder) Idle() bool { return !e.closed && e.message.opcode == 0 }

// check returns the error of the first rule that a frame breaks whose payload has
// length bytes, or nil.
func (e *Encoder) check(fin bool, op Opcode, length int64) error {
	switch {
	// Section 5.5.1: "The application MUST NOT send any more data frames after
	// sending a Close frame." The peer would not read a control frame either.
	case e.closed:
		return ErrSendClosed
	case !op.IsControl() && length > payloadLimit(e.MaxPayloadLen):
		return sendTooLong(length, payloadLimit(e.MaxPayloadLen))
	case op.isReserved():
		return errSendReserved
	case op == Continuation && e.message.opcode == 0:
		return errSendNoMessage
	case (op == Text || op == Binary) && e.message.opcode != 0:
		return errSendOpenMessage
	case op.IsControl() && length > maxControlLen:
		return sendControlTooLong(length)
	case op.IsControl() && !fin:
		return errSendControlFragmented
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
