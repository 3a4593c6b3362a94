package deflate

import "math"

// Decompressor decompresses the messages of one direction of one connection.
// The zero value expects the largest window and no context takeover. A window is kept
// between messages if Takeover is set, whatever its size.
//
// The fields must not change after the first call. Only one goroutine may call
// methods at a time.
type Decompressor struct {
	// WindowBits is the base-2 logarithm of the LZ77 window that the peer agreed
	// to, 8 to 15 (RFC 7692, Section 7.1.2). No more than the window is kept from
	// one message to the next. If zero or negative, 15 is used. Out of range
	// otherwise, the nearest size is used.
	WindowBits int

	// Takeover must be set unless the peer agreed to begin each message with an
	// empty window (RFC 7692, Section 7.1.1).
	Takeover bool

	windowLen uint16 // length of the window that past.buf is compressed from; 0: past.buf is the window
	past      history
}

// maxFinalBlocks is the largest number of final blocks in a message. There is a limit
// because each of them, however short, costs a copy of the window.
const maxFinalBlocks = 4096

// Decompress decompresses p, the payload of a message with its fragments joined (RFC
// 7692, Section 7.2.2). It appends the message to dst and returns the extended buffer.
//
// limit is the length of the largest message, in bytes after inflation. If negative,
// there is no limit. The error is ErrTooLarge if the message is longer, ErrCorrupt or
// ErrTruncated otherwise. With an error, Decompress returns dst, whose capacity may
// have grown, and the Decompressor must not be used for further messages.
//
// An empty p is an empty message, because zlib compresses the second of two
// consecutive empty messages to that. Decompress does not modify or retain p, which
// must not overlap the free capacity of dst.
func (d *Decompressor) Decompress(dst, p []byte, limit int) ([]byte, error) {
	if len(p) == 0 {
		return dst, nil
	}
	if err := d.restoreWindow(); err != nil {
		return dst, err
	}
	end := math.MaxInt
	if limit >= 0 && limit < math.MaxInt-len(dst) {
		end = len(dst) + limit
	}
	f := inflaters.Get().(*inflater)
	defer f.release()
	f.in.payload = p

	// A sender whose library cannot flush ends blocks with BFINAL set, and others
	// may follow (RFC 7692, Section 7.2.3.4).
	out, dict := dst, d.past.buf
	for range maxFinalBlocks {
		before := len(out)
		var err error
		if out, err = f.blocks(out, dict, end); err != nil {
			return out[:len(dst)], err
		}
		dict = d.window(out[len(dst):], len(out)-before)
		if f.in.complete() {
			return out, nil
		}
		if f.in.pos > len(p) {
			return out[:len(dst)], ErrTruncated
		}
	}
	return out[:len(dst)], ErrCorrupt
}

// window returns the bytes that the next block may refer to. The last n bytes of
// message are those that were inflated since the last call.
func (d *Decompressor) window(message []byte, n int) []byte {
	size := 1 << windowBits(d.WindowBits)
	if d.Takeover {
		d.past.write(message[len(message)-n:], size)
		return d.past.buf
	}
	return message[max(0, len(message)-size):]
}

// Close gives up the window.
func (d *Decompressor) Close() { d.past, d.windowLen = history{}, 0 }
