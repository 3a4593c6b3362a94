package deflate

// history is the window of a receiver that takes context over: the last bytes
// received, for which memory is taken only as they come.
type history struct{ buf []byte }

// write appends p to a window of size bytes.
func (h *history) write(p []byte, size int) {
	p = p[max(0, len(p)-size):]
	if over := len(h.buf) + len(p) - size; over > 0 {
		h.buf = h.buf[:copy(h.buf, h.buf[over:])]
	}
	if need := len(h.buf) + len(p); need > cap(h.buf) {
		grown := make([]byte, len(h.buf), min(size, max(need, 2*cap(h.buf))))
		copy(grown, h.buf)
		h.buf = grown
	}
	h.buf = append(h.buf, p...)
}
