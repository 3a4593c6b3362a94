package frame

import "io"

// A Writer writes frames to an io.Writer, each with exactly one call to Write.
// Only one goroutine may use a Writer at a time.
type Writer struct {
	w       io.Writer
	encoder Encoder
	buf     []byte
	err     error
}

// maxKeptLen is the largest buffer, in bytes, that a Writer keeps for later
// frames. A frame of the default limit fits, even after the allocator has rounded
// its length up.
const maxKeptLen = 128 << 10

// NewWriter returns a Writer of the frames that role sends through w. They are
// masked if role is Client. The payload of a data frame may have up to
// maxPayloadLen bytes. If maxPayloadLen is zero, 65535 is used. If it is negative,
// there is no limit.
func NewWriter(w io.Writer, role Role, maxPayloadLen int64) *Writer {
	return &Writer{w: w, encoder: Encoder{Masked: role == Client, MaxPayloadLen: maxPayloadLen}}
}

// WriteFrame writes a frame and returns its length on the wire, in bytes.
// WriteFrame does not modify or retain payload.
//
// If the frame may not be sent, WriteFrame writes nothing and returns an error of
// [Encoder.Next]; the next frame may still be sent. If the io.Writer fails, all
// further calls return its error, because a part of the frame may have been
// written.
func (w *Writer) WriteFrame(fin bool, op Opcode, payload []byte) (n int, err error) {
	if w.err != nil {
		return 0, w.err
	}
	if w.buf, err = w.encoder.AppendFrame(w.buf[:0], fin, op, payload); err != nil {
		return 0, err
	}
	n, w.err = w.w.Write(w.buf)
	if w.err == nil && n < len(w.buf) {
		w.err = io.ErrShortWrite
	}
	if cap(w.buf) > maxKeptLen {
		w.buf = nil
	}
	return n, w.err
}
