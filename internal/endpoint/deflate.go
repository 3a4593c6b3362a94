package endpoint

import (
	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/deflate"
)

// A deflation is the compression of what a connection sends.
type deflation struct {
	threshold  int // messages of fewer bytes are sent as they are
	compressor deflate.Compressor
}

// newDeflation returns the deflation for what was agreed on, nil for nothing.
func newDeflation(d *handshake.Deflate, role frame.Role) *deflation {
	if d == nil {
		return nil
	}
	noTakeover, bits := sentBy(role, d)
	z := &deflation{
		threshold:  d.Threshold,
		compressor: deflate.Compressor{Level: d.Level, WindowBits: bits, Takeover: !noTakeover},
	}
	if z.threshold == 0 {
		z.threshold = defaultThreshold(&z.compressor)
	}
	return z
}

// sentBy returns the part of an agreement that holds for what one side sends.
func sentBy(role frame.Role, d *handshake.Deflate) (noTakeover bool, windowBits int) {
	if role == frame.Client {
		return d.ClientNoContextTakeover, d.ClientMaxWindowBits
	}
	return d.ServerNoContextTakeover, d.ServerMaxWindowBits
}

// defaultThreshold returns the meaning of a Threshold of zero. A short message
// shrinks little by itself.
func defaultThreshold(c *deflate.Compressor) int {
	if c.KeepsWindow() {
		return 128
	}
	return 512
}

// close gives up the window.
func (z *deflation) close() {
	if z != nil {
		z.compressor.Close()
	}
}

// compresses reports whether a frame with a payload of n bytes may gain something: whether
// it is a whole message, and long enough.
func (z *deflation) compresses(fin bool, op frame.Opcode, n int) bool {
	return z != nil && fin && !op.IsControl() && op != frame.Continuation && n >= z.threshold
}

// compress compresses p, the payload under h, if that gains something. The result is to be
// sent under h instead. It stays valid until the slab, which may be nil, is freed.
func (z *deflation) compress(h *frame.Header, p []byte) ([]byte, *slab) {
	if !z.compresses(h.Fin, h.Opcode, len(p)) {
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
