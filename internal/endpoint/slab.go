package endpoint

import (
	"math/bits"
	"sync"
)

// A slab is a buffer from a pool. The caller of getSlab owns it, until it is given to
// free.
type slab struct {
	buf   []byte
	class int

	// buf[start:end] is the bytes of a window, or those that are pending. The slab has
	// these so that a connection without a slab needs no memory for them. They are 0 in a
	// new slab.
	start, end int

	// lent is set while the caller of a Recv call may still look at bytes before start.
	// They must not be overwritten.
	lent bool
}

// len and bytes are about the bytes between start and end; a nil s has none.
func (s *slab) len() int {
	if s == nil {
		return 0
	}
	return s.end - s.start
}

func (s *slab) bytes() []byte {
	if s == nil {
		return nil
	}
	return s.buf[s.start:s.end]
}

const (
	minSlabLen = 512
	// slabSlack is what a slab has beyond its power of two, so that a payload
	// of such a size fits together with its header.
	slabSlack   = 64
	slabClasses = 16 // up to 16 MiB; what is larger is left to the allocator
	// readLen is how much is read at once where a slab need not be held while
	// waiting.
	readLen = 64 << 10
)

var slabs [slabClasses]sync.Pool

// getSlab returns a slab of n bytes or more. Its content is arbitrary.
func getSlab(n int) *slab {
	class := 0
	if n > minSlabLen+slabSlack {
		class = bits.Len(uint(n-slabSlack-1) / minSlabLen)
	}
	if class >= slabClasses {
		return unpooled(make([]byte, n))
	}
	if s, ok := slabs[class].Get().(*slab); ok {
		return s
	}
	return &slab{buf: make([]byte, minSlabLen<<class+slabSlack), class: class}
}

// wasteful reports whether n bytes fill so little of a slab of size bytes that a
// smaller one would do.
func wasteful(size, n int) bool { return size/4 > n+slabSlack+minSlabLen }

// unpooled makes a slab of a buffer that is the garbage collector's.
func unpooled(buf []byte) *slab { return &slab{buf: buf, class: slabClasses} }

// free gives s back. A nil s is none.
func (s *slab) free() {
	if s != nil && s.class < slabClasses {
		s.start, s.end = 0, 0
		slabs[s.class].Put(s)
	}
}
