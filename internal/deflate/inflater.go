package deflate

import (
	"compress/flate"
	"io"
	"slices"
	"sync"
)

// ending follows each payload: what the sender removed (RFC 7692, Section
// 7.2.2), and an empty final block, so that flate.Reader says io.EOF where the
// message ends well.
const ending = tail + "\x01\x00\x00\xff\xff"

// growMin is by how many bytes a full buffer grows at least.
const growMin = 512

// source hands a payload and the ending to a flate.Reader, which reads no byte
// before it needs it: headers of blocks and what is Huffman coded by ReadByte,
// the rest of a stored block by Read.
type source struct {
	payload []byte
	pos     int  // of the payload and the ending together
	closing bool // the last call of ReadByte gave the header of the ending's own block
}

// ReadByte returns the next byte, or io.EOF after the ending.
func (s *source) ReadByte() (byte, error) {
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
	if s.pos < len(s.payload) {
		n = copy(p, s.payload[s.pos:])
	} else if n = copy(p, ending[s.pos-len(s.payload):]); n == 0 {
		err = io.EOF
	}
	s.pos += n
	return n, err
}

// complete reports whether a message may end here, after a final block: the
// payload's last (which ought to be followed by the header of another); the one
// whose header ends the payload; or the ending's, unless a block that was cut off
// has taken its octets for data.
func (s *source) complete() bool {
	over := s.pos - len(s.payload)
	return over == 0 || over == len(tail) || over == len(ending) && s.closing
}

// reader is what flate.NewReader returns.
type reader interface {
	io.Reader
	flate.Resetter
}

// inflater is a flate.Reader together with what it reads from.
type inflater struct {
	r    reader
	in   source
	more [1]byte // what comes after the largest message allowed
}

var inflaters = sync.Pool{New: func() any {
	f := new(inflater)
	f.r = flate.NewReader(&f.in).(reader)
	return f
}}

// release forgets the payload and makes f available to everyone.
func (f *inflater) release() {
	f.in = source{}
	inflaters.Put(f)
}

// blocks appends to out what the blocks up to the next final one inflate to,
// until it is end bytes long. dict is what they may refer to. The error is nil
// after a final block.
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

// meaning returns the error that stands for flate's, nil for io.EOF. What goes wrong beyond the
// payload does so because it ended too early.
func (f *inflater) meaning(err error) error {
	switch {
	case err == io.EOF:
		return nil
	case f.in.pos > len(f.in.payload):
		return ErrTruncated
	}
	return ErrCorrupt
}
