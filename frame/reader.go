package frame

import (
	"io"
	"math"
)

// minReadLen is the least room that Reader has when it reads.
const minReadLen = 512

// A Reader reads frames from an io.Reader. It reads ahead as far as its buffer
// goes. A Reader is for one goroutine at a time.
type Reader struct {
	r       io.Reader
	decoder Decoder
	buf     []byte // buf[start:end] is the decoder's window
	start   int
	end     int
	err     error // what r returned together with bytes
}

// maxEmptyReads is how often an io.Reader may return neither bytes nor an
// error before it is given up.
const maxEmptyReads = 100

// NewReader returns a Reader of the frames that reach role through r. Data
// frames may have a payload of up to maxPayloadLen bytes; zero means 65535,
// negative no limit.
func NewReader(r io.Reader, role Role, maxPayloadLen int64) *Reader {
	return &Reader{r: r, decoder: Decoder{Role: role, MaxPayloadLen: maxPayloadLen}}
}

// ReadFrame reads the next frame, with its payload unmasked. The payload is
// only valid until the next call to ReadFrame. Fragments are returned as they
// come, control frames between them.
//
// If the peer broke a rule, the error is a [*ProtocolError] and stays. At the
// end of the stream, and after a Close frame, it is [io.EOF]; at an end inside
// a frame, [io.ErrUnexpectedEOF]. Other errors are those of the io.Reader:
// nothing is lost by them, and where they pass, as a timeout does, the next
// call goes on at the same byte. Memory grows with the bytes that have
// arrived, never with the length that a header declares.
func (r *Reader) ReadFrame() (Frame, error) {
	for {
		f, n, err := r.decoder.Decode(r.buf[r.start:r.end])
		if err == nil {
			r.start += n
			return *f, nil
		}
		if err != io.ErrUnexpectedEOF {
			return Frame{}, err
		}
		if err := r.fill(); err != nil {
			if err == io.EOF && r.start < r.end {
				err = io.ErrUnexpectedEOF
			}
			return Frame{}, err
		}
	}
}

// fill reads more bytes behind the window.
func (r *Reader) fill() error {
	if err := r.err; err != nil {
		r.err = nil
		return err
	}
	r.makeRoom()
	for range maxEmptyReads {
		n, err := r.r.Read(r.buf[r.end:])
		if n > 0 {
			r.end += n
			r.err = err
			return nil
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// makeRoom moves the window to the start of the buffer, and into a larger
// buffer once it fills this one.
func (r *Reader) makeRoom() {
	if len(r.buf)-r.end >= minReadLen {
		return
	}
	buf := r.buf
	if len(r.buf)-(r.end-r.start) < minReadLen {
		buf = make([]byte, grownLen(len(r.buf)))
	}
	r.end = copy(buf, r.buf[r.start:r.end])
	r.start = 0
	r.buf = buf
}

// grownLen returns the length of the buffer that follows one of n bytes. Where
// no int is large enough, there is no memory for it either, and making the
// buffer has to fail: a smaller one would lose bytes.
func grownLen(n int) int {
	if n > math.MaxInt/2 {
		return math.MaxInt
	}
	return max(4096, 2*n)
}
