package frame

import (
	"encoding/binary"
	"io"
	"math"
)

// A Header is the part of a frame before its payload (RFC 6455, Section 5.2):
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-+-+-+-+-------+-+-------------+-------------------------------+
//	|F|R|R|R| opcode|M| Payload len |    Extended payload length    |
//	|I|S|S|S|  (4)  |A|     (7)     |             (16/64)           |
//	|N|V|V|V|       |S|             |   (if payload len==126/127)   |
//	| |1|2|3|       |K|             |                               |
//	+-+-+-+-+-------+-+-------------+ - - - - - - - - - - - - - - - +
//	|     Extended payload length continued, if payload len == 127  |
//	+ - - - - - - - - - - - - - - - +-------------------------------+
//	|                               |Masking-key, if MASK set to 1  |
//	+-------------------------------+-------------------------------+
//	| Masking-key (continued)       |          Payload Data         |
//	+-------------------------------- - - - - - - - - - - - - - - - +
//
// A Header may have values that no endpoint may send. [Decoder] and [Encoder]
// check which frames are allowed at a time, and from which side.
type Header struct {
	Fin              bool    // the frame is the last fragment of a message, or the only one
	RSV1, RSV2, RSV3 bool    // reserved for extensions
	Opcode           Opcode  // four bits
	Masked           bool    // the frame carries MaskKey, and its payload is masked with it
	MaskKey          [4]byte // the masking key, in network order; ignored unless Masked is set
	Length           int64   // of the payload, in bytes; never negative
}

// maxHeaderLen is the largest Header.Len.
const maxHeaderLen = 14

// Len returns the length of h on the wire, in bytes: 2 to 14.
func (h Header) Len() int {
	n := 2
	switch {
	case h.Length > math.MaxUint16:
		n += 8
	case h.Length > 125:
		n += 2
	}
	if h.Masked {
		n += 4
	}
	return n
}

// ParseHeader parses the header at the start of b and returns it with its length
// in bytes. If b ends before the header does, n is 0 and err is
// [io.ErrUnexpectedEOF]. ParseHeader does not check the header against the rules
// of [Decoder], with one exception: a length in a form that no extension can
// permit is [ErrLengthForm].
func ParseHeader(b []byte) (h Header, n int, err error) {
	if n, err = h.parse(b); err != nil {
		return Header{}, 0, err
	}
	return h, n, nil
}

// parse is ParseHeader. It sets each field where it is to stay, because a copy of a Header
// that was set byte by byte makes the processor wait. After an error h means nothing.
func (h *Header) parse(b []byte) (n int, err error) {
	if len(b) < 2 {
		return 0, io.ErrUnexpectedEOF
	}
	h.Fin = b[0]&0x80 != 0
	h.RSV1 = b[0]&0x40 != 0
	h.RSV2 = b[0]&0x20 != 0
	h.RSV3 = b[0]&0x10 != 0
	h.Opcode = Opcode(b[0] & 0x0F)
	h.Masked = b[1]&0x80 != 0
	if h.Length, n, err = parseLength(b); err != nil || !h.Masked {
		h.MaskKey = [4]byte{}
		return n, err
	}
	if len(b) < n+4 {
		return 0, io.ErrUnexpectedEOF
	}
	h.MaskKey = [4]byte(b[n:])
	return n + 4, nil
}

// parseLength parses the payload length of the header at the start of b, which
// has at least two bytes. n is the offset of the byte after the length.
func parseLength(b []byte) (length int64, n int, err error) {
	switch short := b[1] & 0x7F; short {
	default:
		return int64(short), 2, nil
	case 126:
		if len(b) < 4 {
			return 0, 0, io.ErrUnexpectedEOF
		}
		v := binary.BigEndian.Uint16(b[2:])
		// Section 5.2: "the minimal number of bytes MUST be used to encode
		// the length".
		if v < 126 {
			return 0, 0, errLengthNotShort
		}
		return int64(v), 4, nil
	case 127:
		if len(b) < 10 {
			return 0, 0, io.ErrUnexpectedEOF
		}
		v := binary.BigEndian.Uint64(b[2:])
		// Section 5.2: "the most significant bit MUST be 0".
		if v > math.MaxInt64 {
			return 0, 0, errLengthTopBit
		}
		if v <= math.MaxUint16 {
			return 0, 0, errLengthNotShort
		}
		return int64(v), 10, nil
	}
}

// AppendHeader appends the encoding of h to dst, with the length in its
// shortest form, and returns the extended buffer. It encodes the low four bits
// of the opcode and ignores the others. AppendHeader panics if h.Length is
// negative.
func AppendHeader(dst []byte, h Header) []byte {
	if h.Length < 0 {
		panic("frame: negative Header.Length")
	}
	return appendHeader(dst, &h)
}

func appendHeader(dst []byte, h *Header) []byte {
	b0 := byte(h.Opcode)&0x0F | bit(h.Fin, 0x80) | bit(h.RSV1, 0x40) | bit(h.RSV2, 0x20) | bit(h.RSV3, 0x10)
	mask := bit(h.Masked, 0x80)
	switch {
	case h.Length <= 125:
		dst = append(dst, b0, mask|byte(h.Length))
	case h.Length <= math.MaxUint16:
		dst = append(dst, b0, mask|126)
		dst = binary.BigEndian.AppendUint16(dst, uint16(h.Length))
	default:
		dst = append(dst, b0, mask|127)
		dst = binary.BigEndian.AppendUint64(dst, uint64(h.Length))
	}
	if h.Masked {
		dst = append(dst, h.MaskKey[:]...)
	}
	return dst
}

// bit returns b if set is true, and 0 if not.
func bit(set bool, b byte) byte {
	if set {
		return b
	}
	return 0
}
