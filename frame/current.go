package frame

import "sync"

// A current is the frame that a Decoder is at: at the start of the window, or returned
// last. A connection that waits for its next frame is idle most of the time, and its
// Decoder then has no current.
type current struct {
	frame     Frame
	decoded   int       // bytes of the payload that are unmasked and validated
	headerLen uint8     // encoded length of the header; 0 until all of it has arrived
	split     bool      // the window begins inside the payload; headerLen is 0
	closing   utf8State // after the reason of a Close frame so far
	err       error     // ended decoding
}

// currents has those of Decoders that are between two frames.
var currents = sync.Pool{New: func() any { return new(current) }}

// begun reports whether the window begins with a frame whose header is decoded.
func (c *current) begun() bool { return c.headerLen != 0 || c.split }

// validateClose validates the payload of a Close frame from start on.
func (c *current) validateClose(payload []byte, start int) error {
	if len(payload) < 2 {
		return nil
	}
	if start < 2 {
		if _, _, err := ParseClose(payload[:2]); err != nil {
			return err
		}
		start = 2
	}
	c.closing = c.closing.next(payload[start:])
	return invalidIf(c.closing == utf8Reject)
}

// release gives up the frame that was returned last.
func (d *Decoder) release() {
	if d.current != nil {
		*d.current = current{}
		currents.Put(d.current)
		d.current = nil
	}
}
