package deflate

import (
	"compress/flate"
	"errors"
	"sync"
)

// tail is the end of all output of Flush. A sender removes it, and a receiver appends
// it again (RFC 7692, Sections 7.2.1 and 7.2.2).
const tail = "\x00\x00\xff\xff"

// errNotShorter makes the flate.Writer of an encoder stop.
var errNotShorter = errors.New("deflate: payload is not shorter than the message")

// encoder is a flate.Writer that writes to a buffer of limited length.
type encoder struct {
	w     *flate.Writer
	level int
	out   []byte
	max   int // largest len(out)
}

// Write is called by w.
func (e *encoder) Write(p []byte) (int, error) {
	if len(p) > e.max-len(e.out) {
		return 0, errNotShorter
	}
	e.out = append(e.out, p...)
	return len(p), nil
}

// compress appends the payload of the message p to dst. It encodes p in pieces of at
// most piece bytes, none of which refers to another, so that no distance exceeds piece.
//
// The payload is at most most bytes long. If that is not enough, ok is false, out is
// dst with more capacity, and e must be reset before it is used again.
func (e *encoder) compress(dst, p []byte, piece, most int) (out []byte, ok bool) {
	e.out, e.max = dst, len(dst)+most+len(tail)
	err := e.write(p[:min(piece, len(p))])
	for len(p) > piece && err == nil {
		p = p[piece:]
		e.w.Reset(e)
		err = e.write(p[:min(piece, len(p))])
	}
	out, e.out = e.out, nil
	if err != nil {
		return out[:len(dst)], false
	}
	return out[:len(out)-len(tail)], true
}

// write encodes p and flushes, so that the output ends at a byte boundary with tail.
func (e *encoder) write(p []byte) error {
	if _, err := e.w.Write(p); err != nil {
		return err
	}
	return e.w.Flush()
}

// size returns the bytes of memory that e takes. The level is one whose encoders are
// kept, so it is not flate.HuffmanOnly.
func (e *encoder) size() int {
	if e.level == flate.BestSpeed {
		return fastestBytes
	}
	return encoderBytes
}

// encoders holds the encoders that are not in use, by level from flate.HuffmanOnly on.
var encoders [flate.BestCompression - flate.HuffmanOnly + 1]sync.Pool

// freshEncoder returns an encoder with an empty window. level must be in range.
func freshEncoder(level int) *encoder {
	if e, ok := encoders[level-flate.HuffmanOnly].Get().(*encoder); ok {
		e.w.Reset(e)
		return e
	}
	return newEncoder(level)
}

func newEncoder(level int) *encoder {
	e := &encoder{level: level}
	e.w, _ = flate.NewWriter(e, level) // only a level out of range is an error
	return e
}

// recycle returns e to the pool of its level.
func recycle(e *encoder) { encoders[e.level-flate.HuffmanOnly].Put(e) }
