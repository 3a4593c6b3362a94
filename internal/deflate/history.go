package deflate

// history is the window of a receiver that takes context over. It holds the last bytes
// received, and allocates memory only when they arrive.
type history struct{ buf []byte }

// write appends p and drops all but the last size bytes.
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
