package frame

import "math"

const (
	// defaultMaxPayloadLen is used if MaxPayloadLen is zero.
	defaultMaxPayloadLen = 65535
	// maxFragments is the largest number of fragments of a message.
	maxFragments = 131072
)

// payloadLimit returns the limit that a MaxPayloadLen of n stands for: the
// default if n is zero, and if n is negative, the longest payload whose frame has
// a length that fits in an int.
func payloadLimit(n int64) int64 {
	switch {
	case n == 0:
		return defaultMaxPayloadLen
	case n < 0 || n > math.MaxInt-maxHeaderLen:
		return math.MaxInt - maxHeaderLen
	}
	return n
}

// message is the state of the fragmented message that is open between two frames
// (Section 5.4). The zero value means that none is open.
type message struct {
	opcode     Opcode    // of the first fragment; 0 if no message is open
	compressed bool      // RSV1 was set on the first fragment (RFC 7692, Section 6)
	text       utf8State // after the text so far
}

// begin returns the state of the message whose first fragment has these values.
func begin(op Opcode, compressed bool) message {
	return message{opcode: op, compressed: compressed, text: utf8Accept}
}

// isText reports whether the frames of m carry text that is not compressed.
func (m message) isText() bool { return m.opcode == Text && !m.compressed }

// check returns the error of the first rule that a frame with header h breaks
// if it comes next, or nil. The rules are in the order of the RFC's sections.
func (d *Decoder) check(h *Header) error {
	switch {
	// Section 5.1: "The server MUST close the connection upon receiving a
	// frame that is not masked", "A client MUST close a connection if it
	// detects a masked frame".
	case d.Role != Client && !h.Masked:
		return ErrUnmasked
	case d.Role == Client && h.Masked:
		return ErrMasked

	// Section 5.2: reserved bits "MUST be 0 unless an extension is negotiated
	// that defines meanings for non-zero values". RFC 7692, Section 6, gives
	// RSV1 a meaning on the first fragment of a message, and on no other frame.
	case h.RSV2 || h.RSV3 || h.RSV1 && (!d.RSV1 || h.Opcode.IsControl() || h.Opcode == Continuation):
		return ErrReservedBits
	case h.Opcode.isReserved() && h.Opcode.IsControl():
		return errReservedControl
	case h.Opcode.isReserved():
		return errReservedData

	// Section 5.4: "The fragments of one message MUST NOT be interleaved between
	// the fragments of another message".
	case h.Opcode == Continuation && d.message.opcode == 0:
		return errNoMessage
	case !h.Opcode.IsControl() && h.Opcode != Continuation && d.message.opcode != 0:
		return errOpenMessage

	// Section 5.5: "All control frames MUST have a payload length of 125 bytes
	// or less and MUST NOT be fragmented."
	case h.Opcode.IsControl() && h.Length > maxControlLen:
		return ErrControlTooLong.tooLong(h.Length, maxControlLen)
	case h.Opcode.IsControl() && !h.Fin:
		return ErrControlFragmented
	case h.Opcode == Close && h.Length == 1:
		return ErrCloseBody

	// Section 10.4: limits of this implementation. The limit of control frames
	// is above.
	case !h.Opcode.IsControl() && d.fragments >= maxFragments:
		return ErrTooManyFragments
	case !h.Opcode.IsControl() && h.Length > payloadLimit(d.MaxPayloadLen):
		return ErrPayloadTooLong.tooLong(h.Length, payloadLimit(d.MaxPayloadLen))
	}
	return nil
}
