package endpoint

const (
	maxHeaderLen  = 14  // of a frame, in bytes (RFC 6455, Section 5.2)
	maxControlLen = 125 // of a control frame's payload, in bytes (Section 5.5)
)

// A window is the bytes that were read and not yet consumed: those of its slab. Without
// a slab it is empty. The zero value is ready.
type window struct {
	slab *slab
}

func (w *window) len() int      { return w.slab.len() }
func (w *window) bytes() []byte { return w.slab.bytes() }

// tail is the room behind the window, to read into; extend takes in n bytes
// of it.
func (w *window) tail() []byte { return w.slab.buf[w.slab.end:] }
func (w *window) extend(n int) { w.slab.end += n }

// consume drops the first n bytes. If n is negative, the last ones that were dropped are
// the first again.
func (w *window) consume(n int) {
	if n != 0 {
		w.slab.start += n
	}
}

// lend notes that the caller of a Recv call gets to see bytes that were consumed.
func (w *window) lend() {
	if w.slab != nil {
		w.slab.lent = true
	}
}

func (w *window) isLent() bool { return w.slab != nil && w.slab.lent }

// reclaim ends the loan of what was consumed, and lets go of a slab that has
// nothing else in it.
func (w *window) reclaim() {
	if w.slab != nil {
		w.slab.lent = false
	}
	if w.len() == 0 {
		w.drop()
	}
}

// drop empties the window.
func (w *window) drop() {
	if !w.isLent() {
		w.slab.free()
	} // else the garbage collector waits until the caller is done with it
	w.slab = nil
}

// move moves the window to the start of a slab of n bytes or more, which may
// be the one that it is in.
func (w *window) move(n int) {
	s := w.slab
	if s == nil || len(s.buf) < n || len(s.buf) > 2*(n+slabSlack) || s.lent {
		s = getSlab(n)
	}
	unread := copy(s.buf, w.bytes())
	if s != w.slab {
		w.drop()
	}
	w.slab, s.start, s.end = s, 0, unread
}

// makeRoom makes a tail to read into, for a frame of frameLen bytes of which the
// window has the first ones (0: that is not known yet). A new slab has base
// bytes, or twice what has arrived if that is more.
func (w *window) makeRoom(base, frameLen int) {
	have := w.len()
	missing := max(frameLen-have, maxHeaderLen)
	if w.slab != nil && len(w.tail()) >= min(missing, base/4) {
		return
	}
	w.move(max(base, grownLen(have, frameLen)))
}

// grownLen returns twice what has arrived of a frame, or the length of the frame
// if that is less. Neither the result nor what leads to it is ever more than
// frameLen, which an int can hold: a slab that is too short would lose bytes.
func grownLen(have, frameLen int) int { return have + min(have, frameLen-have) }

// shrink moves the window to a slab that fits it, unless it fills a good part
// of its own.
func (w *window) shrink() {
	if w.len() == 0 {
		w.drop()
	} else if wasteful(len(w.slab.buf), w.len()) {
		w.move(w.len())
	}
}
