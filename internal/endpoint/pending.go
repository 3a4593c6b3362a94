package endpoint

import (
	"slices"
	"sync"
)

// minShared is the length of a shared frame, in bytes, from which on it is cheaper to
// write it by itself than to copy it behind others.
const minShared = 32 << 10

// A pending is the bytes that are to be written next, in their order: those of the
// slab, then the shared ones. The zero value is ready.
type pending struct {
	slab   *slab         // nil if there are none
	shared *sharedFrames // nil if there are none
}

// sharedFrames are whole frames that belong to Prepareds and are only read.
type sharedFrames struct {
	all   [][]byte
	next  int // the first that is pending
	bytes int // of those that are pending
}

var sharedPool = sync.Pool{New: func() any { return &sharedFrames{all: make([][]byte, 0, 16)} }}

func (p *pending) len() int { return p.slab.len() + p.shared.len() }

// len returns the bytes of f, which may be nil.
func (f *sharedFrames) len() int {
	if f == nil {
		return 0
	}
	return f.bytes
}

// space returns a buffer to which size bytes can be appended: its free capacity is behind
// all that is pending. A new slab has room bytes, or as many as are needed if that is more.
func (p *pending) space(size, room int) []byte {
	p.reserve(p.shared.len()+size, room)
	s := p.slab
	for p.shared != nil {
		s.end += copy(s.buf[s.end:], p.unshare())
	}
	return s.buf[:s.end]
}

// extend adds what was appended to the buffer that space has returned, and returns how many
// bytes that is.
func (p *pending) extend(b []byte) int {
	n := len(b) - p.slab.end
	p.slab.end = len(b)
	return n
}

// reserve makes room for size bytes behind those in the slab.
func (p *pending) reserve(size, room int) {
	if p.slab == nil {
		p.slab = getSlab(max(size, room))
		return
	}
	if len(p.slab.buf)-p.slab.end >= size {
		return
	}
	own := p.slab.bytes()
	larger := getSlab(max(len(own)+size, 2*len(own), room))
	larger.end = copy(larger.buf, own)
	p.slab.free()
	p.slab = larger
}

// trim frees a slab that has no bytes.
func (p *pending) trim() {
	if p.slab.len() == 0 {
		p.slab.free()
		p.slab = nil
	}
}

// share adds b, which is whole frames and is never written to.
func (p *pending) share(b []byte) {
	if p.shared == nil {
		p.shared = sharedPool.Get().(*sharedFrames)
	}
	p.shared.add(b)
	p.shared.bytes += len(b)
}

// add adds b. The places of those that are not pending any more are used again.
func (f *sharedFrames) add(b []byte) {
	if len(f.all) == cap(f.all) && f.next > len(f.all)/2 {
		n := copy(f.all, f.all[f.next:])
		clear(f.all[n:])
		f.all, f.next = f.all[:n], 0
	}
	f.all = append(f.all, b)
}

// unshare removes the first shared frames, and returns them.
func (p *pending) unshare() []byte {
	f := p.shared
	b := f.all[f.next]
	f.all[f.next] = nil
	f.next++
	f.bytes -= len(b)
	if f.next == len(f.all) {
		p.freeShared()
	}
	return b
}

// reshare makes b, a rest of what unshare has returned, the first shared bytes again.
// Others may have been added since.
func (p *pending) reshare(b []byte) {
	f := p.shared
	switch {
	case f == nil:
		p.share(b)
		return
	case f.next > 0:
		f.next--
		f.all[f.next] = b
	default:
		f.all = slices.Insert(f.all, 0, b)
	}
	f.bytes += len(b)
}

// first returns the bytes to be written first: those in the slab; or shared ones, either
// as they are or, of small ones that follow each other, a copy. Of the shared ones it
// takes limit bytes at most, which are whole frames.
func (p *pending) first(limit int) []byte {
	if p.slab.len() > 0 {
		return p.slab.bytes()
	}
	if p.shared == nil {
		return nil
	}
	frames := p.shared.all[p.shared.next:]
	if len(frames) == 1 || len(frames[0]) >= minShared {
		return frames[0]
	}
	limit = min(limit, maxPending)
	p.reserve(limit, 0)
	s := p.slab
	for p.shared != nil && s.len()+len(p.shared.all[p.shared.next]) <= limit {
		s.end += copy(s.buf[s.end:], p.unshare())
	}
	return s.bytes()
}

// take removes the bytes that are to be written first, limit at most. They stay valid
// until s, which may be nil, is freed.
func (p *pending) take(limit int) (b []byte, s *slab) {
	b = p.first(limit)
	if p.slab.len() > 0 {
		s, p.slab = p.slab, nil
		if len(b) > limit {
			p.reserve(len(b)-limit, 0)
			p.slab.end = copy(p.slab.buf, b[limit:])
			b = b[:limit]
		}
	} else if p.shared != nil {
		p.unshare()
	}
	return b, s
}

// consume removes n of the bytes that first has returned.
func (p *pending) consume(n int) {
	switch {
	case n == 0:
	case p.slab.len() > 0:
		p.slab.start += n
		p.trim()
	default:
		if b := p.unshare(); n < len(b) {
			p.reshare(b[n:])
		}
	}
}

// putBack makes b, a rest of what take has returned with s, the first bytes again.
func (p *pending) putBack(b []byte, s *slab) {
	own := p.slab.bytes()
	switch {
	case len(own) > 0:
		both := getSlab(len(b) + len(own))
		both.end = copy(both.buf, b)
		both.end += copy(both.buf[both.end:], own)
		p.slab.free()
		s.free()
		p.slab = both
	case s != nil:
		p.slab.free()
		s.start, s.end = 0, copy(s.buf, b)
		p.slab = s
	default:
		p.reshare(b)
	}
}

// drop forgets the bytes.
func (p *pending) drop() {
	p.slab.free()
	p.freeShared()
	*p = pending{}
}

func (p *pending) freeShared() {
	if p.shared == nil {
		return
	}
	clear(p.shared.all)
	p.shared.all, p.shared.next, p.shared.bytes = p.shared.all[:0], 0, 0
	if cap(p.shared.all) <= 64 {
		sharedPool.Put(p.shared)
	}
	p.shared = nil
}
