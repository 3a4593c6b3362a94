package frame

import "io"

// A Writer writes frames to an io.Writer, each with exactly one call to Write.
// A Writer is for one goroutine at a time.
type Writer struct {
	w       io.Writer
	encoder Encoder
	buf     []byte
	err     error
}

// maxKeptLen is the largest buffer, in bytes, that a Writer keeps for later. A
// frame of the default limit fits, its header and the allocator's rounding up
// included.
const maxKeptLen = 128 << 10

// NewWriter returns a Writer of the frames that role sends through w: masked
// if role is Client. Data frames may have a payload of up to maxPayloadLen
// bytes; zero means 65535, negative no limit.
func NewWriter(w io.Writer, role Role, maxPayloadLen int64) *Writer {
	return &Writer{w: w, encoder: Encoder{Masked: role == Client, MaxPayloadLen: maxPayloadLen}}
}

// WriteFrame writes a frame and returns the number of bytes that it took on
// the wire. WriteFrame does not modify or retain payload.
//
// If the frame may not be sent, nothing is written, and the error is one of
// those that [Encoder.Next] returns; the next frame may still be sent. An
// error of the io.Writer stays, since it may have cut a frame in two.
func (w *Writer) WriteFrame(fin bool, op Opcode, payload []byte) (n int, err error) {
	if w.err != nil {
		return 0, w.err
	}
	h, err := w.encoder.Next(fin, op, payload)
	if err != nil {
		return 0, err
	}
	w.buf = AppendFrame(w.buf[:0], h, payload)
	n, w.err = w.w.Write(w.buf)
	if w.err == nil && n < len(w.buf) {
		w.err = io.ErrShortWrite
	}
	if cap(w.buf) > maxKeptLen {
		w.buf = nil
	}
	return n, w.err
}
