package frame

import "io"

// A Decoder finds the frames in a stream of bytes, unmasks them in place and
// checks them against the rules of RFC 6455, Section 5. It does no I/O: the
// caller reads the bytes, in pieces of any size, and passes them to Decode.
// [Reader] does so for an io.Reader.
//
// The zero value decodes the frames that a server receives, with payloads of up
// to 65535 bytes. The fields must not be changed once decoding has begun. Only
// one goroutine may use a Decoder at a time.
type Decoder struct {
	// MaxPayloadLen is the largest payload of a data frame, in bytes. If zero,
	// 65535 is used. If negative, there is no limit but the address space.
	MaxPayloadLen int64

	// Role is the side that receives the frames.
	Role Role

	// RSV1 permits that bit on the first frame of a message, as RFC 7692,
	// Section 6, does. The Decoder does not validate the text of such a message,
	// since it is compressed.
	RSV1 bool

	// AnyFragments lifts the limit of 131072 fragments of a message. Fragments that
	// are received while it is set do not count.
	AnyFragments bool

	closing   utf8State // after the reason of a Close frame so far
	headerLen uint8     // encoded length of frame's header; 0 until all of it has arrived
	split     bool      // the window begins inside the payload of frame; headerLen is 0
	message   message
	frame     Frame // at the start of the window, or the one returned last
	decoded   int   // bytes of its payload that are unmasked and validated
	err       error // ended decoding
}

// Decode decodes the frame at the start of window and returns it with its
// length in bytes, header included. The payload is part of window. The Frame
// belongs to the Decoder and is only valid until the next call.
//
// If the frame is not complete, n is 0 and err is [io.ErrUnexpectedEOF]. The
// caller must then call Decode again with a window that begins with the same
// bytes and has more after them. The bytes may have moved in memory, but must
// not have been modified, because Decode has already unmasked them. Decode
// validates the incomplete frame too: text fails at the first byte that cannot
// continue it.
//
// After a Close frame err is [io.EOF], since nothing may follow one (Section
// 5.5.1). Any other error is a [*ProtocolError]. Both are returned by all
// further calls.
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
	d.headerLen, d.decoded, d.split = 0, 0, false
	switch {
	case f.Opcode == Close:
		d.err = io.EOF
	case f.Fin && !f.Opcode.IsControl():
		d.message = message{}
	}
	return f, n, nil
}

// FrameLen returns the length in bytes, header included, of the incomplete frame
// at the start of the window of the last call to Decode. It returns 0 if that
// call returned a frame, or if the header is not complete.
func (d *Decoder) FrameLen() int64 {
	if d.headerLen == 0 && !d.split {
		return 0
	}
	return int64(d.headerLen) + d.frame.Length
}

// Idle reports whether the Decoder is between two messages, so that the next
// frame may begin one: no fragmented message is open, no frame is partly
// decoded, no Close frame has been received and no error has ended decoding.
// Idle does not count an incomplete header, of which Decode keeps nothing: the
// caller still has its bytes in the window.
func (d *Decoder) Idle() bool {
	return d.err == nil && d.headerLen == 0 && !d.split && d.message.opcode == 0
}

// decode does the work of Decode. It returns nil once the frame is complete and
// valid.
func (d *Decoder) decode(window []byte) error {
	if d.headerLen == 0 && !d.split {
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
	if !h.Opcode.IsControl() && !d.AnyFragments {
		d.message.fragments++
	}
	d.frame, d.headerLen = Frame{Header: h}, uint8(n)
	return nil
}

// chunkLen is the number of bytes that are unmasked and then validated at a
// time. They are still in the processor's cache when they are validated.
const chunkLen = 16 << 10

// decodePayload unmasks and validates the bytes of payload after the first
// d.decoded. payload is the part of the frame's payload that has arrived.
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

// checkEnd checks, at the end of a frame, that its text does not end inside a
// character.
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
