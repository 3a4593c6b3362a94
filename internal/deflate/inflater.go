package deflate

import (
	"compress/flate"
	"io"
	"slices"
	"sync"
)

// ending follows each payload. It consists of the octets that the sender removed (RFC
// 7692, Section 7.2.2) and an empty final block, so that flate.Reader returns io.EOF
// at the end of a complete message.
const ending = tail + "\x01\x00\x00\xff\xff"

// growMin is the smallest number of bytes by which a full buffer grows, unless the
// limit is nearer.
const growMin = 512

// source hands a payload and the ending to a flate.Reader, which reads no byte before
// it needs it. flate.Reader calls Read for the contents of a stored block and ReadByte
// for everything else.
type source struct {
	payload []byte       // or the piece of it that is at hand
	pos     int          // in payload followed by the ending
	closing bool         // the last ReadByte returned the header of the ending's final block
	more    func() error // replaces payload by the next piece; nil: there is none
}

// ReadByte returns the next byte, or io.EOF after the ending.
func (s *source) ReadByte() (byte, error) {
	if s.pos >= len(s.payload) && s.more != nil {
		if err := s.await(); err != nil {
			return 0, err
		}
	}
	pos := s.pos
	if pos < len(s.payload) {
		s.pos++
		return s.payload[pos], nil
	}
	pos -= len(s.payload)
	if pos == len(ending) {
		return 0, io.EOF
	}
	s.pos++
	s.closing = pos == len(tail)
	return ending[pos], nil
}

// Read fills p from the payload or from the ending, never from both.
func (s *source) Read(p []byte) (n int, err error) {
	if err := s.await(); err != nil {
		return 0, err
	}
	if s.pos < len(s.payload) {
		n = copy(p, s.payload[s.pos:])
	} else if n = copy(p, ending[s.pos-len(s.payload):]); n == 0 {
		err = io.EOF
	}
	s.pos += n
	return n, err
}

// await waits until a byte of the payload is at hand, or all of it has been read.
func (s *source) await() error {
	for s.pos >= len(s.payload) && s.more != nil {
		if err := s.more(); err != nil {
			return err
		}
	}
	return nil
}

// complete reports whether the final block that was just read may end the message. It
// may if it
//   - is the last of the payload (the RFC wants the header of another block after it),
//   - begins with the last header of the payload and ends with tail, or
//   - is the one of the ending. A block that was cut off may have taken the ending for
//     data instead, which closing tells.
func (s *source) complete() bool {
	over := s.pos - len(s.payload)
	return over == 0 || over == len(tail) || over == len(ending) && s.closing
}

// reader is what flate.NewReader returns.
type reader interface {
	io.Reader
	flate.Resetter
}

// inflater is a flate.Reader together with its source.
type inflater struct {
	r    reader
	in   source
	more [1]byte // room for the byte that exceeds the limit
}

var inflaters = sync.Pool{New: func() any {
	f := new(inflater)
	f.r = flate.NewReader(&f.in).(reader)
	return f
}}

// release drops the reference to the payload and returns f to the pool.
func (f *inflater) release() {
	f.in = source{}
	inflaters.Put(f)
}

// blocks inflates the blocks up to the next final one, appends the result to out, and
// returns the extended buffer. The blocks may refer to dict. The error is ErrTooLarge
// if out would become longer than end bytes.
func (f *inflater) blocks(out, dict []byte, end int) ([]byte, error) {
	if err := f.r.Reset(&f.in, dict); err != nil {
		return out, err
	}
	for {
		room := f.more[:]
		if len(out) < end {
			if len(out) == cap(out) {
				out = slices.Grow(out, min(max(growMin, len(out)), end-len(out)))
			}
			room = out[len(out):min(cap(out), end)]
		}
		n, err := f.r.Read(room)
		if n > end-len(out) {
			return out, ErrTooLarge
		}
		out = out[:len(out)+n]
		if err != nil {
			return out, f.meaning(err)
		}
	}
}

// meaning translates an error of flate.Reader, io.EOF to nil. An error in the ending
// means that the payload ended too early.
func (f *inflater) meaning(err error) error {
	switch {
	case err == io.EOF:
		return nil
	case f.in.pos > len(f.in.payload):
		return ErrTruncated
	}
	return ErrCorrupt
}
