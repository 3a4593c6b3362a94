package deflate

import (
	"compress/flate"
	"errors"
	"sync"
)

// tail is what Flush ends with. A sender removes it, a receiver puts it back
// (RFC 7692, Section 7.2.1).
const tail = "\x00\x00\xff\xff"

// errNotShorter ends an encoder's work early.
var errNotShorter = errors.New("deflate: payload is not shorter than the message")

// encoder is a flate.Writer together with the buffer that it appends to.
type encoder struct {
	w     *flate.Writer
	level int
	out   []byte
	max   int // len(out) may not exceed it
}

// Write is what w calls.
func (e *encoder) Write(p []byte) (int, error) {
	if len(p) > e.max-len(e.out) {
		return 0, errNotShorter
	}
	e.out = append(e.out, p...)
	return len(p), nil
}

// compress appends the payload of a message that carries p to dst. It encodes
// no more than piece bytes of p at a time, each without a look at the one before
// it, so that no distance exceeds piece.
//
// The payload is at most most bytes long. If that is not enough, ok is false,
// and e has to be reset before it can be used again.
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

// write encodes p up to a byte's border.
func (e *encoder) write(p []byte) error {
	if _, err := e.w.Write(p); err != nil {
		return err
	}
	return e.w.Flush()
}

// size returns the bytes that e takes, of those levels whose encoders are kept.
func (e *encoder) size() int {
	if e.level == flate.BestSpeed {
		return fastestBytes
	}
	return encoderBytes
}

// encoders are those that nobody uses, by level, flate.HuffmanOnly first.
var encoders [flate.BestCompression - flate.HuffmanOnly + 1]sync.Pool

// freshEncoder returns an encoder that has seen nothing. level is in range.
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

// recycle makes e available to everyone.
func recycle(e *encoder) { encoders[e.level-flate.HuffmanOnly].Put(e) }
