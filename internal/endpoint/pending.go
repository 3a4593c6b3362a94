package endpoint

import "resty.websocket/frame"

// minShared is the length of a frame, in bytes, from which on it is cheaper to write it
// by itself than to copy it behind others.
const minShared = 32 << 10

// A pending is the bytes that are to be written next, in their order: those of
// slab.buf[start:end], then the shared ones. The zero value is ready.
type pending struct {
	slab      *slab
	start     int
	end       int
	shared    [][]byte // belong to Prepareds, and are only read
	sharedLen int      // bytes of shared
}

func (p *pending) len() int { return p.end - p.start + p.sharedLen }

// append adds a frame, and returns how many bytes it has. A new slab has room bytes, or
// as many as the frame has if that is more.
func (p *pending) append(h *frame.Header, payload []byte, room int) int {
	size := h.Len() + len(payload)
	switch {
	case len(p.shared) > 0:
		p.share(frame.AppendFrame(nil, *h, payload))
		return size
	case p.slab == nil:
		p.slab = getSlab(max(size, room))
	case len(p.slab.buf)-p.end < size:
		p.grow(size)
	}
	p.end = len(frame.AppendFrame(p.slab.buf[:p.end], *h, payload))
	return size
}

// appendBytes adds a copy of b, which is whole frames.
func (p *pending) appendBytes(b []byte) {
	if p.slab == nil {
		p.slab = getSlab(len(b))
	} else if len(p.slab.buf)-p.end < len(b) {
		p.grow(len(b))
	}
	p.end += copy(p.slab.buf[p.end:], b)
}

// grow moves the bytes to a slab with room for size more.
func (p *pending) grow(size int) {
	larger := getSlab(max(p.end-p.start+size, 2*(p.end-p.start)))
	p.end, p.start = copy(larger.buf, p.slab.buf[p.start:p.end]), 0
	p.slab.free()
	p.slab = larger
}

// share adds b, which is whole frames and is never written to.
func (p *pending) share(b []byte) {
	p.shared = append(p.shared, b)
	p.sharedLen += len(b)
}

// first returns the bytes to be written first: those in the slab, a large shared frame
// by itself, or a copy of small ones.
func (p *pending) first() []byte {
	if p.end > p.start {
		return p.slab.buf[p.start:p.end]
	}
	if len(p.shared) == 0 {
		return nil
	}
	if len(p.shared[0]) >= minShared {
		return p.shared[0]
	}
	p.slab = getSlab(min(p.sharedLen, maxPending))
	for len(p.shared) > 0 && len(p.shared[0]) <= len(p.slab.buf)-p.end {
		p.end += copy(p.slab.buf[p.end:], p.unshare())
	}
	return p.slab.buf[:p.end]
}

// unshare removes the first shared bytes.
func (p *pending) unshare() []byte {
	b := p.shared[0]
	p.shared[0] = nil
	p.shared = p.shared[1:]
	p.sharedLen -= len(b)
	if len(p.shared) == 0 {
		p.shared = nil
	}
	return b
}

// consume drops n of the bytes that first has returned.
func (p *pending) consume(n int) {
	switch {
	case n == 0:
	case p.end == p.start:
		if b := p.unshare(); n < len(b) {
			p.shared = append([][]byte{b[n:]}, p.shared...)
			p.sharedLen += len(b) - n
		}
	default:
		if p.start += n; p.start == p.end {
			p.freeSlab()
		}
	}
}

// take removes the bytes that are to be written first. They stay valid until s, which
// may be nil, is freed.
func (p *pending) take() (b []byte, s *slab) {
	b = p.first()
	if p.end == p.start {
		if len(p.shared) > 0 {
			p.unshare()
		}
		return b, nil
	}
	s = p.slab
	p.slab, p.start, p.end = nil, 0, 0
	return b, s
}

func (p *pending) freeSlab() {
	p.slab.free()
	p.slab, p.start, p.end = nil, 0, 0
}

// drop forgets the bytes.
func (p *pending) drop() {
	p.slab.free()
	*p = pending{}
}
