package endpoint

import (
	"errors"
	"sync"
	"unicode/utf8"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/deflate"
)

// An inflation is the decompression of what a connection receives.
type inflation struct {
	mu           sync.Mutex // guards all of it; taken by the receiver and by a wheel
	decompressor deflate.Decompressor
	watch        *watch // nil: there is no window, or it is compressed; see idle_window.go
}

// newInflation returns the inflation for what was agreed on, nil for nothing.
func newInflation(d *handshake.Deflate, role frame.Role) *inflation {
	if d == nil {
		return nil
	}
	noTakeover, bits := sentBy(frame.Client-role, d)
	return &inflation{decompressor: deflate.Decompressor{WindowBits: bits, Takeover: !noTakeover}}
}

// These are the faults of a compressed message.
var (
	errCorrupt   = &frame.ProtocolError{Code: frame.StatusInvalidFramePayloadData, Section: "7.4.1", Reason: "message does not inflate"}
	errTruncated = &frame.ProtocolError{Code: frame.StatusInvalidFramePayloadData, Section: "7.4.1", Reason: "compressed message ends inside a block"}
)

// inflate makes payload, a whole compressed message, the message that the
// caller gets. The payload may be the message so far.
func (r *receiver) inflate(payload []byte) ([]byte, error) {
	r.mu.assertHeld()
	m := &r.message
	out := getSlab(inflatedRoom(len(payload), r.set.messageLimit))
	data, err := r.inflateTo(out.buf[:0], payload)
	if err != nil {
		out.free()
		return nil, err
	}
	m.slab.free()
	m.slab = out.fit(data)
	m.slab.end = len(data) // which may be gone with out
	return m.bytes(), nil
}

// inflateTo appends to dst the message of which payload is the compressed form.
func (r *receiver) inflateTo(dst, payload []byte) ([]byte, error) {
	r.mu.assertHeld()
	m := &r.message
	data, err := r.inflation.decompress(dst, payload, r.set.messageLimit)
	if err != nil {
		return dst, r.failProtocol(r.inflateError(err))
	}
	if m.opcode == frame.Text && !utf8.Valid(data[len(dst):]) {
		return dst, r.failProtocol(frame.ErrInvalidUTF8)
	}
	return data, nil
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

// inflateError returns the fault of the peer's that err, of the decompressor, stands
// for.
func (l *link) inflateError(err error) error {
	switch {
	case errors.Is(err, deflate.ErrTooLarge):
		return l.tooLong(l.set.messageLimit + 1)
	case errors.Is(err, deflate.ErrTruncated):
		return errTruncated
	}
	return errCorrupt
}
