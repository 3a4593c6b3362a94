package deflate

import "math"

// Decompressor decompresses the messages of one direction of one connection.
// The zero value expects the largest window and no context takeover.
//
// The fields must not change after the first call. Only one goroutine may call
// methods at a time.
type Decompressor struct {
	// WindowBits is the base-2 logarithm of the LZ77 window that the peer
	// agreed to, 8 to 15 (RFC 7692, Section 7.1.2): no more is kept from one
	// message to the next. If zero, 15 is used.
	WindowBits int

	// Takeover is set unless the peer agreed to begin each message with an
	// empty window (RFC 7692, Section 7.1.1).
	Takeover bool

	windowLen uint16 // length of the window that past.buf is compressed from; 0: past.buf is the window
	past      history
}

// maxFinalBlocks is how many blocks of a message may be final. Each costs a copy
// of the window, however short it is.
const maxFinalBlocks = 4096

// Decompress appends the message to dst whose payload, all fragments in one,
// is p (RFC 7692, Section 7.2.2), and returns the extended buffer.
//
// limit is the largest message, in bytes after inflation. If negative, there is
// no limit. Nothing beyond it is returned: the error is ErrTooLarge. The other
// errors are ErrCorrupt and ErrTruncated. With an error, dst is returned as it
// was, save that its capacity may have grown, and the Decompressor cannot be
// used for further messages.
//
// An empty p is an empty message: zlib makes it of the second of two empty
// messages on end. Decompress does not modify or retain p, which must not
// overlap the free capacity of dst.
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

// window returns what the next block may refer to, of a message that has grown
// by the last n bytes.
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
