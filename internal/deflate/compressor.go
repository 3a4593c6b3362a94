package deflate

import "compress/flate"

// DefaultLevel is the level of a Compressor that names none. See the package
// comment for what the levels cost.
const DefaultLevel = flate.BestSpeed

// Sizes of the window in bits (RFC 7692, Section 7.1.2).
const (
	MinWindowBits = 8
	MaxWindowBits = 15 // also of a peer that negotiated none
)

// Compressor compresses the messages of one direction of one connection. The
// zero value uses DefaultLevel and the largest window, and takes no context
// over.
//
// The fields must not change after the first call. Only one goroutine may call
// Compress at a time; Close may be called at any time.
type Compressor struct {
	// Level is compress/flate's: 1 is fastest, 9 compresses best, -1 is flate's
	// default, -2 is Huffman coding alone. If zero, DefaultLevel is used; values
	// out of range are taken for the nearest.
	Level int

	// WindowBits is the base-2 logarithm of the LZ77 window, 8 to 15: no
	// distance exceeds it (RFC 7692, Section 7.1.2). If zero, 15 is used. Below
	// 15, levels above 1 are not used, nor is Takeover.
	WindowBits int

	// Takeover keeps the window from one message to the next, for as long as
	// Cache keeps the encoder (RFC 7692, Section 7.2.3.2).
	Takeover bool

	// Cache is where the encoder is kept between two messages if Takeover is
	// set. If nil, the one cache of the process is used.
	Cache *Cache

	slot slot // guarded by the cache's lock
}

// Compress appends the payload of a message that carries p to dst (RFC 7692,
// Section 7.2.1) and returns the extended buffer. If the payload would not be
// shorter than p, it returns dst as it was, save that its capacity may have
// grown, and false: the message has to be sent uncompressed.
//
// A message that was compressed must be sent, and in the order of the calls;
// if it is not, the connection cannot be used any more. Compress does not
// modify or retain p, which must not overlap the free capacity of dst.
func (c *Compressor) Compress(dst, p []byte) (out []byte, shrunk bool) {
	keeps := c.KeepsWindow()
	// An encoder that was started in vain has lost its window, for the peer does
	// not get to see what it has seen.
	if len(p) < 2 || keeps && looksRandom(p) {
		return dst, false
	}
	e := c.acquire(keeps)
	out, shrunk = e.compress(dst, p, c.piece(len(p)), len(p)-1)
	if keeps && shrunk {
		c.cache().keep(c, e)
	} else {
		recycle(e)
	}
	return out, shrunk
}

// Close gives up the window. It is safe to call more than once, and while
// Compress runs. Messages compressed later take no context over.
func (c *Compressor) Close() {
	if c.KeepsWindow() {
		c.cache().close(c)
	}
}

// KeepsWindow reports whether c keeps its window from one message to the next. It
// does if Takeover is set, WindowBits is 0 or MaxWindowBits, and Level is not
// Huffman coding alone, which refers to no earlier byte. A smaller window is not
// kept: compress/flate would have to slide it.
func (c *Compressor) KeepsWindow() bool {
	return c.Takeover && windowBits(c.WindowBits) == MaxWindowBits && c.level() != flate.HuffmanOnly
}

// level returns the level of the encoder to use. Small windows are kept to by
// resetting it often, which is cheap only at level 1; in the smallest, Huffman
// coding alone gives payloads as short.
func (c *Compressor) level() int {
	bits := windowBits(c.WindowBits)
	switch {
	case bits == MinWindowBits || c.Level <= flate.HuffmanOnly:
		return flate.HuffmanOnly
	case bits < MaxWindowBits || c.Level == 0:
		return flate.BestSpeed
	}
	return min(c.Level, flate.BestCompression)
}

// piece returns how many of n bytes may be encoded in one go.
func (c *Compressor) piece(n int) int {
	bits := windowBits(c.WindowBits)
	if bits == MaxWindowBits || c.level() == flate.HuffmanOnly {
		return n
	}
	return 1 << bits
}

// windowBits returns the window size meant by a field.
func windowBits(bits int) int {
	if bits <= 0 {
		return MaxWindowBits
	}
	return max(MinWindowBits, min(bits, MaxWindowBits))
}

func (c *Compressor) cache() *Cache {
	if c.Cache == nil {
		return &processCache
	}
	return c.Cache
}

// acquire returns the encoder that has seen the messages before, or one that
// has seen nothing.
func (c *Compressor) acquire(kept bool) *encoder {
	if kept {
		if e := c.cache().take(c); e != nil {
			return e
		}
	}
	return freshEncoder(c.level())
}
