package frame

// Split cuts the incomplete frame at the start of the window of the last call to
// Decode in two, as an intermediary may (RFC 6455, Section 5.4). It returns the first
// part, a fragment whose payload is all that has arrived, and its length n in bytes,
// header included. The payload is part of window, is unmasked and validated, and has
// the length that the header tells.
//
// Decode then returns the other part as a frame of its own: its window begins with
// the first byte of the payload that has not been returned. Of a frame that is split
// once more, the payload is the part between. All parts but the first are Continuation
// frames, and only the last may have Fin set. If the frame is masked, MaskKey of each
// part is the key turned so that it begins with the byte for the part's first one.
//
// Split is for a caller that does not hold whole frames in memory. If the frame is a
// control frame, if its header is not complete, or if no byte has arrived since the
// last Split, ok is false.
func (d *Decoder) Split(window []byte) (f Frame, n int, ok bool) {
	c := d.current
	if !d.inFrame() || c.err != nil || c.frame.Opcode.IsControl() || c.split && c.decoded == 0 {
		return Frame{}, 0, false
	}
	f, n = c.frame, int(c.headerLen)+c.decoded
	f.Fin, f.Length = false, int64(c.decoded)
	f.Payload = window[c.headerLen:n:n]

	rest := &c.frame
	rest.RSV1, rest.Opcode, rest.Length = false, Continuation, rest.Length-f.Length
	for i := range rest.MaskKey {
		rest.MaskKey[i] = f.MaskKey[(i+c.decoded)&3]
	}
	c.headerLen, c.decoded, c.split = 0, 0, true
	return f, n, true
}
