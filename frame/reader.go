package frame

import (
	"io"
	"math"
)

// minReadLen is the least free space, in bytes, of the buffer that a Reader
// reads into.
const minReadLen = 512

// A Reader reads frames from an io.Reader. It may read more bytes from it than
// the frames that it has returned. Only one goroutine may use a Reader at a time.
type Reader struct {
	r       io.Reader
	decoder Decoder
	buf     []byte // buf[start:end] is the decoder's window
	start   int
	end     int
	err     error // returned by r together with bytes
}

// maxEmptyReads is the number of times in a row that an io.Reader may return
// neither bytes nor an error before ReadFrame fails.
const maxEmptyReads = 100

// NewReader returns a Reader of the frames that role receives through r. The
// payload of a data frame may have up to maxPayloadLen bytes. If maxPayloadLen is
// zero, 65535 is used. If it is negative, there is no limit.
func NewReader(r io.Reader, role Role, maxPayloadLen int64) *Reader {
	return &Reader{r: r, decoder: Decoder{Role: role, MaxPayloadLen: maxPayloadLen}}
}

// ReadFrame reads the next frame and unmasks its payload. The payload is only
// valid until the next call to ReadFrame. Fragments are returned one by one, with
// the control frames between them.
//
// If the peer broke a rule, the error is a [*ProtocolError], and all further calls
// return it. At the end of the stream, and after a Close frame, the error is
// [io.EOF]. If the stream ends inside a frame, the error is [io.ErrUnexpectedEOF].
// If the io.Reader fails, its error is returned unchanged. No byte is lost then,
// and if the failure is temporary, as a timeout is, the next call continues at the
// same byte.
//
// Memory grows with the bytes that have arrived, never with the length that a
// header declares. [io.ErrNoProgress] is returned if many calls to Read in a row
// return neither bytes nor an error.
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

// fill reads more bytes into the buffer, after the window.
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

// makeRoom makes at least minReadLen bytes free after the window. It moves the
// window to the start of the buffer, or to a larger buffer if that is not enough.
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

// grownLen returns the length of the buffer that replaces one of n bytes. If
// twice n does not fit in an int, the result is more than any machine has, so that
// making the buffer panics. A smaller buffer would lose bytes.
func grownLen(n int) int {
	if n > math.MaxInt/2 {
		return math.MaxInt
	}
	return max(4096, 2*n)
}
