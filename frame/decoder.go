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

	message   message
	fragments int32    // of the message, so far
	current   *current // nil between two frames; see there
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
	if err := d.ended(); err != nil {
		return nil, 0, err
	}
	if err := d.decode(window); err != nil {
		if err != io.ErrUnexpectedEOF {
			d.end(err)
		}
		return nil, 0, err
	}
	c := d.current
	f, n = &c.frame, int(c.headerLen)+c.decoded
	f.Payload = window[c.headerLen:n:n]
	c.headerLen, c.decoded, c.split = 0, 0, false
	switch {
	case f.Opcode == Close:
		c.err = io.EOF
	case f.Fin && !f.Opcode.IsControl():
		d.message, d.fragments = message{}, 0
	}
	return f, n, nil
}

// FrameLen returns the length in bytes, header included, of the incomplete frame
// at the start of the window of the last call to Decode. It returns 0 if that
// call returned a frame, or if the header is not complete.
func (d *Decoder) FrameLen() int64 {
	if !d.inFrame() {
		return 0
	}
	return int64(d.current.headerLen) + d.current.frame.Length
}

// HasFrame reports whether window, which would be that of the next call to Decode, begins
// with a whole frame. Decode then needs no more bytes to return the frame, or to say what is
// wrong with it.
func (d *Decoder) HasFrame(window []byte) bool {
	if d.inFrame() {
		return d.FrameLen() <= int64(len(window))
	}
	var h Header
	n, err := h.parse(window)
	return err == nil && h.Length <= int64(len(window)-n)
}

// Idle reports whether the Decoder is between two messages, so that the next
// frame may begin one: no fragmented message is open, no frame is partly
// decoded, no Close frame has been received and no error has ended decoding.
// Idle does not count an incomplete header, of which Decode keeps nothing: the
// caller still has its bytes in the window.
func (d *Decoder) Idle() bool {
	return d.ended() == nil && !d.inFrame() && d.message.opcode == 0
}

// inFrame reports whether the window begins with a frame whose header is decoded.
func (d *Decoder) inFrame() bool { return d.current != nil && d.current.begun() }

// ended returns the error that ended decoding, or nil.
func (d *Decoder) ended() error {
	if d.current == nil {
		return nil
	}
	return d.current.err
}

// end makes err the error that ended decoding.
func (d *Decoder) end(err error) {
	if d.current == nil {
		d.current = new(current)
	}
	d.current.err = err
}

// decode does the work of Decode. It returns nil once the frame is complete and
// valid.
func (d *Decoder) decode(window []byte) error {
	if !d.inFrame() {
		if err := d.decodeHeader(window); err != nil {
			return err
		}
	}
	c := d.current
	arrived := window[c.headerLen:]
	if int64(len(arrived)) > c.frame.Length {
		arrived = arrived[:c.frame.Length]
	}
	if err := d.decodePayload(arrived); err != nil {
		return err
	}
	if int64(len(arrived)) < c.frame.Length {
		return io.ErrUnexpectedEOF
	}
	return d.checkEnd()
}

func (d *Decoder) decodeHeader(window []byte) error {
	if len(window) < 2 {
		d.release()
		return io.ErrUnexpectedEOF
	}
	if d.current == nil {
		d.current = currents.Get().(*current)
	}
	c := d.current
	h := &c.frame.Header
	n, err := h.parse(window)
	if err == nil {
		err = d.check(h)
	}
	if err != nil {
		d.release()
		return err
	}
	switch {
	case h.Opcode == Close:
		c.closing = utf8Accept
	case h.Opcode == Text || h.Opcode == Binary:
		d.message = begin(h.Opcode, h.RSV1)
	}
	if !h.Opcode.IsControl() && !d.AnyFragments {
		d.fragments++
	}
	c.headerLen = uint8(n)
	c.frame.Payload = nil // that of the frame before would keep its window while this one arrives
	return nil
}

// chunkLen is the number of bytes that are unmasked and then validated at a
// time. They are still in the processor's cache when they are validated.
const chunkLen = 16 << 10

// decodePayload unmasks and validates the bytes of payload after those that are
// decoded. payload is the part of the frame's payload that has arrived.
func (d *Decoder) decodePayload(payload []byte) error {
	c := d.current
	for c.decoded < len(payload) {
		start, end := c.decoded, min(c.decoded+chunkLen, len(payload))
		if c.frame.Masked {
			Mask(payload[start:end], c.frame.MaskKey, start)
		}
		c.decoded = end
		if err := d.validate(payload[:end], start); err != nil {
			return err
		}
	}
	return nil
}

// validate validates payload from start on.
func (d *Decoder) validate(payload []byte, start int) error {
	op := d.current.frame.Opcode
	switch {
	case op == Close:
		return d.current.validateClose(payload, start)
	case op.IsControl() || !d.message.isText():
		return nil
	}
	d.message.text = d.message.text.next(payload[start:])
	return invalidIf(d.message.text == utf8Reject)
}

// checkEnd checks, at the end of a frame, that its text does not end inside a
// character.
func (d *Decoder) checkEnd() error {
	f := &d.current.frame
	switch {
	case f.Opcode == Close:
		return invalidIf(d.current.closing != utf8Accept)
	case !f.Opcode.IsControl() && f.Fin && d.message.isText():
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
