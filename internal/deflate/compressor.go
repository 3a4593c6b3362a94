package deflate

import "compress/flate"

// DefaultLevel is the level of a Compressor whose Level is zero. The package comment
// lists the costs of the levels.
const DefaultLevel = flate.BestSpeed

// MinWindowBits and MaxWindowBits are the base-2 logarithms of the smallest and the
// largest LZ77 window (RFC 7692, Section 7.1.2). A peer that negotiated no window uses
// the largest.
const (
	MinWindowBits = 8
	MaxWindowBits = 15
)

// Compressor compresses the messages of one direction of one connection. The
// zero value uses DefaultLevel and the largest window, and takes no context
// over.
//
// The fields must not change after the first call. Only one goroutine may call
// Compress at a time; Close may be called at any time.
type Compressor struct {
	// Level is compress/flate's: 1 is fastest, 9 compresses best, -1 is flate's
	// default, -2 is Huffman coding alone. If zero, DefaultLevel is used. Out of
	// range, the nearest level is used.
	Level int

	// WindowBits is the base-2 logarithm of the LZ77 window, 8 to 15. No distance
	// exceeds the window (RFC 7692, Section 7.1.2). If zero or negative, 15 is used.
	// Out of range otherwise, the nearest size is used. Below 15, no level above 1
	// is used and Takeover is ignored.
	WindowBits int

	// Takeover keeps the window from one message to the next, as long as Cache
	// keeps the encoder (RFC 7692, Section 7.2.3.2). KeepsWindow reports whether it
	// applies.
	Takeover bool

	// Cache keeps the encoder between two messages if KeepsWindow. If nil, the
	// cache of the process is used.
	Cache *Cache

	slot slot // guarded by the cache's lock
}

// Compress compresses the message p (RFC 7692, Section 7.2.1). It appends the payload
// to dst and returns the extended buffer. If the payload would not be shorter than p,
// Compress returns dst and false, and the caller must send the message uncompressed.
// The capacity of dst may have grown then.
//
// The caller must send every payload, in the order of the calls. Otherwise the
// connection can no longer be used. Compress does not modify or retain p, which must
// not overlap the free capacity of dst.
func (c *Compressor) Compress(dst, p []byte) (out []byte, shrunk bool) {
	keeps := c.KeepsWindow()
	// A declined message costs the window, because the encoder then refers to bytes
	// that the peer has not received. looksRandom is there to keep the window.
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

// Restart gives up the window: the next message refers to none before it. That is for
// a message that the peer gets and c does not see, since distances are counted over
// it.
func (c *Compressor) Restart() {
	if !c.KeepsWindow() {
		return
	}
	if e := c.cache().take(c); e != nil {
		recycle(e)
	}
}

// Close gives up the window. Messages compressed later take no context over. Close may
// be called more than once, and while Compress runs.
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

// level returns the level of the encoder to use. With a small window the encoder is
// reset often, which is cheap only at level 1. With the smallest, Huffman coding alone
// gives payloads as short.
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

// piece returns how many of the n bytes of a message are encoded between two resets.
func (c *Compressor) piece(n int) int {
	bits := windowBits(c.WindowBits)
	if bits == MaxWindowBits || c.level() == flate.HuffmanOnly {
		return n
	}
	return 1 << bits
}

// windowBits returns the size of the window, in bits, for the value of a field.
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

// acquire returns the encoder of the messages before if keeps is set and the cache
// still has it, and a fresh one otherwise.
func (c *Compressor) acquire(keeps bool) *encoder {
	if keeps {
		if e := c.cache().take(c); e != nil {
			return e
		}
	}
	return freshEncoder(c.level())
}
