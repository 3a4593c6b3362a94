package frame

import "io"

// A Decoder finds the frames in a stream of bytes, unmasks them in place and
// holds the peer to the rules of RFC 6455, Section 5. It does no I/O: whoever
// reads the bytes, by whatever means and in whatever pieces, hands them over.
// [Reader] is one such reader.
//
// The zero value decodes what a server receives, up to 65535 bytes a frame.
// The fields must not change once decoding has begun. A Decoder is for one
// goroutine at a time.
type Decoder struct {
	// MaxPayloadLen is the largest payload of a data frame, in bytes. If zero,
	// 65535 is used. If negative, there is no limit but the address space.
	MaxPayloadLen int64

	// Role is one's own: the frames are those of the other side.
	Role Role

	// RSV1 permits that bit on the first frame of a message, as RFC 7692,
	// Section 6, does. The text of such a message is compressed, and is not
	// validated here.
	RSV1 bool

	closing   utf8State // after the reason of a Close frame so far
	headerLen uint8     // of the frame, encoded; 0 until it is whole
	message   message
	frame     Frame // at the start of the window, or the one returned last
	decoded   int   // bytes of its payload that are unmasked and validated
	err       error // what ended decoding
}

// Decode decodes the frame at the start of window and returns it with the
// number of bytes that it took. The payload is part of window, and the Frame
// the Decoder's own, valid until the next call.
//
// If the frame is not whole yet, n is 0 and err is [io.ErrUnexpectedEOF]:
// Decode is to be called again with a window that begins with the same bytes
// and has more behind them. They may have moved in memory meanwhile, but must
// not have been altered, for those that were there are unmasked already. What
// has arrived of a frame is validated even so, and text fails at the first
// byte that no text can go on with.
//
// After a Close frame err is [io.EOF], since nothing that follows it counts
// (Section 5.5.1). Any other error is a [*ProtocolError]. Either is returned
// by all further calls.
func (d *Decoder) Decode(window []byte) (f *Frame, n int, err error) {
	if d.err != nil {
		return nil, 0, d.err
	}
	if err := d.decode(window); err != nil {
		if err != io.ErrUnexpectedEOF {
			d.err = err
		}
		return nil, 0, err
	}
	f, n = &d.frame, int(d.headerLen)+d.decoded
	f.Payload = window[d.headerLen:n:n]
	d.headerLen, d.decoded = 0, 0
	switch {
	case f.Opcode == Close:
		d.err = io.EOF
	case f.Fin && !f.Opcode.IsControl():
		d.message = message{}
	}
	return f, n, nil
}

// FrameLen returns the length in bytes, header included, of the frame at the
// start of the window that Decode saw last, or 0 if its header is not whole.
func (d *Decoder) FrameLen() int64 {
	if d.headerLen == 0 {
		return 0
	}
	return int64(d.headerLen) + d.frame.Length
}

// Idle reports whether the Decoder is between two messages, and the next frame
// may begin one: no fragmented message is open, no frame is partly decoded, no
// Close frame has been received and no error has ended decoding. Control frames
// between two messages make no difference. A header of which a part is still to
// come does not count as decoded: the caller has its bytes in the window.
func (d *Decoder) Idle() bool {
	return d.err == nil && d.headerLen == 0 && d.message.opcode == 0
}

// decode does the work of Decode up to the point where the frame is whole and
// found good.
func (d *Decoder) decode(window []byte) error {
	if d.headerLen == 0 {
		if err := d.decodeHeader(window); err != nil {
			return err
		}
	}
	arrived := window[d.headerLen:]
	if int64(len(arrived)) > d.frame.Length {
		arrived = arrived[:d.frame.Length]
	}
	if err := d.decodePayload(arrived); err != nil {
		return err
	}
	if int64(len(arrived)) < d.frame.Length {
		return io.ErrUnexpectedEOF
	}
	return d.checkEnd()
}

func (d *Decoder) decodeHeader(window []byte) error {
	h, n, err := ParseHeader(window)
	if err != nil {
		return err
	}
	if err := d.message.check(h, d.Role, d.RSV1, d.MaxPayloadLen); err != nil {
		return err
	}
	switch {
	case h.Opcode == Close:
		d.closing = utf8Accept
	case h.Opcode == Text || h.Opcode == Binary:
		d.message = begin(h.Opcode, h.RSV1)
	}
	if !h.Opcode.IsControl() {
		d.message.fragments++
	}
	d.frame, d.headerLen = Frame{Header: h}, uint8(n)
	return nil
}

// chunkLen is how much is unmasked before it is validated, so that it is still
// in the processor's cache then.
const chunkLen = 16 << 10

// decodePayload unmasks and validates what is new in payload, which is the
// part of it that has arrived.
func (d *Decoder) decodePayload(payload []byte) error {
	for d.decoded < len(payload) {
		start, end := d.decoded, min(d.decoded+chunkLen, len(payload))
		if d.frame.Masked {
			Mask(payload[start:end], d.frame.MaskKey, start)
		}
		d.decoded = end
		if err := d.validate(payload[:end], start); err != nil {
			return err
		}
	}
	return nil
}

// validate validates payload from start on.
func (d *Decoder) validate(payload []byte, start int) error {
	switch {
	case d.frame.Opcode == Close:
		return d.validateClose(payload, start)
	case d.frame.Opcode.IsControl() || !d.message.isText():
		return nil
	}
	d.message.text = d.message.text.next(payload[start:])
	return invalidIf(d.message.text == utf8Reject)
}

// validateClose validates the payload of a Close frame from start on.
func (d *Decoder) validateClose(payload []byte, start int) error {
	if len(payload) < 2 {
		return nil
	}
	if start < 2 {
		if _, _, err := ParseClose(payload[:2]); err != nil {
			return err
		}
		start = 2
	}
	d.closing = d.closing.next(payload[start:])
	return invalidIf(d.closing == utf8Reject)
}

// checkEnd checks what only the end of a frame can tell: that text does not
// stop inside a character.
func (d *Decoder) checkEnd() error {
	switch {
	case d.frame.Opcode == Close:
		return invalidIf(d.closing != utf8Accept)
	case !d.frame.Opcode.IsControl() && d.frame.Fin && d.message.isText():
		return invalidIf(d.message.text != utf8Accept)
	}
	return nil
}

func invalidIf(invalid bool) error {
	if invalid {
		return ErrInvalidUTF8
	}
	return nil
}
