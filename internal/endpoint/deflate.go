package endpoint

import (
	"errors"
	"unicode/utf8"

	"resty.websocket/frame"
	"resty.websocket/internal/deflate"
)

// Deflate is what was agreed on for permessage-deflate (RFC 7692), seen from
// one's own side.
type Deflate struct {
	Level          int // of compress/flate; 0 means 1
	Threshold      int // messages of fewer bytes are sent as they are; 0 means 512, or 128 where a window is kept
	SendTakeover   bool
	SendWindowBits int
	RecvTakeover   bool
	RecvWindowBits int
}

// A deflation is the compression of one connection. Its two halves are guarded
// as the two directions are.
type deflation struct {
	threshold    int
	compressor   deflate.Compressor
	decompressor deflate.Decompressor
	packAt       instant // see pack.go
	used         bool    // by a message received since packAt was set
}

func newDeflation(d *Deflate) *deflation {
	if d == nil {
		return nil
	}
	z := &deflation{
		threshold:    d.Threshold,
		compressor:   deflate.Compressor{Level: d.Level, WindowBits: d.SendWindowBits, Takeover: d.SendTakeover},
		decompressor: deflate.Decompressor{WindowBits: d.RecvWindowBits, Takeover: d.RecvTakeover},
	}
	if z.threshold == 0 {
		z.threshold = d.defaultThreshold()
	}
	return z
}

// defaultThreshold returns what a Threshold of zero means. A short message
// shrinks little by itself, and a window that is smaller than the largest is
// not kept from one message to the next.
func (d *Deflate) defaultThreshold() int {
	if d.SendTakeover && (d.SendWindowBits == 0 || d.SendWindowBits == deflate.MaxWindowBits) {
		return 128
	}
	return 512
}

// compress compresses p, the payload under h, if that is a whole message and
// gains something. What it returns is to be sent under h instead; it stays
// valid until the slab, which may be nil, is freed.
func (z *deflation) compress(h *frame.Header, p []byte) ([]byte, *slab) {
	if z == nil || !h.Fin || h.Opcode.IsControl() || h.Opcode == frame.Continuation || len(p) < z.threshold {
		return p, nil
	}
	s := getSlab(len(p))
	out, shrunk := z.compressor.Compress(s.buf[:0], p)
	if !shrunk {
		s.free()
		return p, nil
	}
	h.RSV1, h.Length = true, int64(len(out))
	return out, s
}

// What a peer can do wrong with a compressed message.
var (
	errCorrupt   = &frame.ProtocolError{Code: frame.StatusInvalidFramePayloadData, Section: "7.4.1", Reason: "message does not inflate"}
	errTruncated = &frame.ProtocolError{Code: frame.StatusInvalidFramePayloadData, Section: "7.4.1", Reason: "compressed message ends inside a block"}
)

// inflate makes payload, a whole compressed message, the message that the
// caller gets. The payload may be the message so far.
func (c *Conn) inflate(payload []byte) ([]byte, error) {
	m := &c.recv.message
	c.windowUsed()
	out := getSlab(inflatedRoom(len(payload), m.limit))
	data, err := c.deflation.decompressor.Decompress(out.buf[:0], payload, m.limit)
	if err != nil {
		out.free()
		return nil, c.failProtocol(inflateError(err))
	}
	m.slab.free()
	m.slab, m.n = out.fit(data), len(data) // data may be gone with out
	if m.opcode == frame.Text && !utf8.Valid(m.bytes()) {
		return nil, c.failProtocol(frame.ErrInvalidUTF8)
	}
	return m.bytes(), nil
}

// inflatedRoom returns how many bytes to inflate a payload of n bytes into: so
// many that most messages fit, since what has to grow is garbage.
func inflatedRoom(n, limit int) int {
	room := max(4*n, readLen)
	if limit >= 0 {
		room = min(room, limit)
	}
	return room
}

// fit returns a slab that has data at its start and little else. Data is the
// start of s, or has outgrown it.
func (s *slab) fit(data []byte) *slab {
	fitting := s
	switch {
	case cap(data) != cap(s.buf):
		fitting = unpooled(data[:cap(data)])
	case wasteful(len(s.buf), len(data)):
		fitting = getSlab(len(data))
		copy(fitting.buf, data)
	default:
		return s
	}
	s.free()
	return fitting
}

func inflateError(err error) error {
	switch {
	case errors.Is(err, deflate.ErrTooLarge):
		return ErrMessageTooLong
	case errors.Is(err, deflate.ErrTruncated):
		return errTruncated
	}
	return errCorrupt
}

// dropRecv and dropSend give up the windows.
func (z *deflation) dropRecv() {
	if z != nil {
		z.decompressor.Close()
		z.packAt = never
	}
}

func (z *deflation) dropSend() {
	if z != nil {
		z.compressor.Close()
	}
}
