package endpoint

import (
	"bytes"
	"fmt"
	"sync"
	"unicode/utf8"

	"resty.websocket/frame"
	"resty.websocket/internal/deflate"
)

// A Prepared is described at server.Prepared.
type Prepared struct {
	op      frame.Opcode
	payload []byte

	mu       sync.Mutex
	payloads map[compression]compressed // by the connections that have asked for it
	frames   map[framing][]byte         // the same
}

// A compression is all that makes a difference to how a message is compressed on its
// own.
type compression struct{ level, windowBits int }

// A compressed is what became of a message.
type compressed struct {
	payload []byte
	shrunk  bool // else the payload is the message itself
}

// A framing is all that makes a difference to the frames of a message that is not
// masked.
type framing struct {
	compression // the zero value: none
	compressed  bool
	limit       int // of one frame's payload, in bytes; 0 if one frame is enough
}

// Prepare returns a message that is validated, and is encoded and compressed once for
// all connections that are alike.
func Prepare(op frame.Opcode, p []byte) (*Prepared, error) {
	switch {
	case op != frame.Text && op != frame.Binary:
		return nil, fmt.Errorf("%w: prepared as %v", frame.ErrSendFrame, op)
	case op == frame.Text && !utf8.Valid(p):
		return nil, frame.ErrSendText
	}
	return &Prepared{op: op, payload: bytes.Clone(p)}, nil
}

// compress returns the payload to be sent on a connection with the deflation z, which
// may be nil, and reports whether it is compressed.
func (m *Prepared) compress(z *deflation) (payload []byte, c compression, shrunk bool) {
	if z == nil || len(m.payload) < z.threshold {
		return m.payload, c, false
	}
	c.level, c.windowBits = z.compressor.Level, z.compressor.WindowBits
	m.mu.Lock()
	defer m.mu.Unlock()
	done, ok := m.payloads[c]
	if !ok {
		done = z.alone(m.payload)
		if m.payloads == nil {
			m.payloads = make(map[compression]compressed)
		}
		m.payloads[c] = done
	}
	return done.payload, c, done.shrunk
}

// alone compresses a message that refers to none before it.
func (z *deflation) alone(p []byte) compressed {
	fresh := deflate.Compressor{Level: z.compressor.Level, WindowBits: z.compressor.WindowBits}
	if out, shrunk := fresh.Compress(nil, p); shrunk {
		return compressed{out, true}
	}
	return compressed{p, false}
}

// encodePrepared returns the frames of m as they are sent on the connection, and
// reports whether they are compressed. They must not be written to: other connections
// may share them.
func (s *sender) encodePrepared(m *Prepared) (b []byte, shrunk bool) {
	s.mu.assertHeld()
	payload, c, shrunk := m.compress(s.deflation)
	h := frame.Header{RSV1: shrunk, Opcode: m.op}
	if s.encoder.Masked {
		return appendMessage(&s.encoder, h, payload, s.limit()), shrunk
	}
	key := framing{compressed: shrunk}
	if shrunk {
		key.compression = c
	}
	if limit := s.limit(); limit >= 0 && len(payload) > limit {
		key.limit = limit
	}
	return m.frame(key, h, payload, s.limit()), shrunk
}

// frame returns the frames of key, which are made of the rest.
func (m *Prepared) frame(key framing, h frame.Header, payload []byte, limit int) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.frames[key]
	if !ok {
		b = appendMessage(&frame.Encoder{MaxPayloadLen: -1}, h, payload, limit)
		if m.frames == nil {
			m.frames = make(map[framing][]byte)
		}
		m.frames[key] = b
	}
	return b
}

// appendMessage returns a message in as many frames as limit asks for, the first of
// them with the header h. The encoder is between two messages.
func appendMessage(e *frame.Encoder, h frame.Header, payload []byte, limit int) []byte {
	b := make([]byte, 0, len(payload)+maxHeaderLen)
	for {
		n := len(payload)
		if limit >= 0 {
			n = min(n, limit)
		}
		h.Fin, h.Length = n == len(payload), int64(n)
		masked, err := e.NextHeader(h)
		if err != nil {
			panic(err) // the order is right, and the length is within the limit
		}
		b = frame.AppendFrame(b, masked, payload[:n])
		if h.Fin {
			return b
		}
		h, payload = frame.Header{Opcode: frame.Continuation}, payload[n:]
	}
}
