package frame

// A Frame is a header with its payload, unmasked.
type Frame struct {
	Header
	Payload []byte
}

// AppendFrame appends a whole frame to dst, masked if h.Masked is set, and
// returns the extended buffer. It ignores h.Length and encodes the length of
// payload. AppendFrame does not modify or retain payload, which must not overlap
// the free capacity of dst.
func AppendFrame(dst []byte, h Header, payload []byte) []byte {
	h.Length = int64(len(payload))
	return appendFrame(dst, &h, payload)
}

func appendFrame(dst []byte, h *Header, payload []byte) []byte {
	dst = appendHeader(dst, h)
	start := len(dst)
	dst = append(dst, payload...)
	if h.Masked {
		Mask(dst[start:], h.MaskKey, 0)
	}
	return dst
}
