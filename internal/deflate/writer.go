package deflate

import "math"

// A Writer compresses one message in pieces, in a constant amount of memory. It does no
// I/O. The caller must send all that its methods append, in that order, as the payload
// of one message.
type Writer struct {
	c    *Compressor
	e    *encoder // nil after the end
	left int      // bytes that may still be encoded before a reset: see Compressor.piece
}

// Begin begins a message that is compressed in pieces. Until its End or Close, no other
// method of c but Close may be called. Unlike Compress, a Writer never declines: bytes
// that do not shrink are stored, with 5 bytes more for each 64 KiB or for each window.
func (c *Compressor) Begin() *Writer {
	return &Writer{c: c, e: c.acquire(c.KeepsWindow()), left: c.piece(math.MaxInt)}
}

// Append compresses p, appends to dst what comes of it now, and returns the extended
// buffer. The encoder may hold back up to 64 KiB of p. Append does not modify or retain
// p.
func (w *Writer) Append(dst, p []byte) []byte {
	w.to(dst)
	for len(p) > 0 {
		if w.left == 0 {
			w.e.w.Flush()
			w.e.w.Reset(w.e)
			w.left = w.c.piece(math.MaxInt)
		}
		n := min(len(p), w.left)
		w.e.w.Write(p[:n])
		w.left -= n
		p = p[n:]
	}
	return w.e.take()
}

// Flush appends to dst what was held back, so that the peer can decompress all of it,
// and returns the extended buffer.
func (w *Writer) Flush(dst []byte) []byte {
	w.to(dst)
	w.e.w.Flush()
	return w.e.take()
}

// End appends to dst the end of the payload, without the octets that the sender removes
// (RFC 7692, Section 7.2.1), and returns the extended buffer.
func (w *Writer) End(dst []byte) []byte {
	out := w.Flush(dst)
	if w.c.KeepsWindow() {
		w.c.cache().keep(w.c, w.e)
	} else {
		recycle(w.e)
	}
	w.e = nil
	return out[:len(out)-len(tail)]
}

// Close ends a message that cannot be sent. The connection can no longer be used then.
func (w *Writer) Close() {
	if w.e != nil {
		recycle(w.e)
		w.e = nil
	}
}

// to has the encoder append to dst. There is no limit, so that no write fails.
func (w *Writer) to(dst []byte) { w.e.out, w.e.max = dst, math.MaxInt }

// take returns what the encoder has appended to.
func (e *encoder) take() []byte {
	out := e.out
	e.out = nil
	return out
}
