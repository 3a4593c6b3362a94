package deflate

import (
	"errors"
	"io"
	"iter"
	"sync"
)

// ErrMore means that a Reader needs the next piece of the payload.
var ErrMore = errors.New("deflate: the next piece of the payload is needed")

// errClosed ends the coroutine of a Reader that is closed.
var errClosed = errors.New("deflate: reader closed")

// A Reader decompresses one message whose payload comes in pieces, in a constant amount
// of memory. It does no I/O: Next asks for a piece with ErrMore, and Feed provides it.
//
// flate.Reader cannot stop inside a block to go on later. It therefore runs in a
// coroutine, unless the first piece is the whole payload.
type Reader struct {
	d      *Decompressor
	f      *inflater // nil after the end
	room   *readerRoom
	end    int   // of what room holds: the window and the bytes that Next returned last
	left   int64 // bytes that the message may still have; negative: any number
	finals int   // final blocks so far
	begun  bool  // flate.Reader has been reset for the message
	hungry bool  // the next call must be Feed
	out    []byte
	err    error // ended the message

	resume func() (struct{}, bool) // of the coroutine; nil if there is none
	stop   func()
	yield  func(struct{}) bool
}

// A readerRoom has room for the largest window and as many bytes behind it.
type readerRoom [2 << MaxWindowBits]byte

var readerRooms = sync.Pool{New: func() any { return new(readerRoom) }}

// Begin begins a message that is decompressed in pieces; limit is that of Decompress.
// No other method may be called before Next has returned an error other than ErrMore, or
// the Reader is closed. After Close before the end of the message, the Decompressor must
// not be used for further messages.
func (d *Decompressor) Begin(limit int) *Reader {
	r := &Reader{d: d, left: int64(limit), hungry: true}
	if r.err = d.restoreWindow(); r.err != nil {
		return r
	}
	r.room = readerRooms.Get().(*readerRoom)
	r.end = copy(r.room[:], d.past.buf)
	d.past.buf = d.past.buf[:0] // there is nothing for CompressWindow meanwhile
	r.f = inflaters.Get().(*inflater)
	r.f.in.more = r.more
	return r
}

// Feed provides the next piece of the payload, which may be empty. It must not change
// until Next returns an error. The last piece is marked as such.
func (r *Reader) Feed(p []byte, last bool) {
	if r.f == nil {
		return
	}
	r.hungry = false
	r.f.in.payload, r.f.in.pos = p, 0
	if last {
		r.f.in.more = nil
	}
}

// Next returns the next bytes of the message, at least one and 32 KiB at most. They are
// only valid until the next call of Next. The error is ErrMore if Feed has to be called
// first, io.EOF at the end of the message, and one of Decompress if the payload is not
// valid.
func (r *Reader) Next() ([]byte, error) {
	switch {
	case r.err != nil:
		return nil, r.err
	case r.hungry:
		return nil, ErrMore
	}
	r.out = nil
	if r.resume == nil && r.f.in.more == nil {
		r.step()
	} else {
		r.run()
	}
	switch {
	case len(r.out) > 0:
		return r.out, nil
	case r.err == nil:
		return nil, ErrMore
	}
	r.release()
	return nil, r.err
}

// Close ends a message that is not wanted any more. The bytes that Next returned last
// remain valid.
func (r *Reader) Close() {
	if r.f == nil {
		return
	}
	r.endCoroutine()
	r.room = nil // the caller may still look at it
	r.release()
	r.err = errClosed
}

// release gives back what the Reader holds, at the end of the message.
func (r *Reader) release() {
	r.endCoroutine()
	if r.room != nil {
		readerRooms.Put(r.room)
	}
	r.f.release()
	r.f, r.room = nil, nil
}

func (r *Reader) endCoroutine() {
	if r.resume != nil {
		r.stop()
	}
	r.resume, r.stop, r.yield = nil, nil, nil
}

// run runs the coroutine until it has bytes, needs a piece, or ends.
func (r *Reader) run() {
	if r.resume == nil {
		r.resume, r.stop = iter.Pull(func(yield func(struct{}) bool) {
			r.yield = yield
			for r.step(); r.err == nil && yield(struct{}{}); r.step() {
			}
		})
	}
	r.resume()
}

// more is called in the coroutine. It returns when Feed has been called.
func (r *Reader) more() error {
	r.hungry = true
	if !r.yield(struct{}{}) {
		return errClosed
	}
	return nil
}

// step inflates until there are bytes for Next to return, or the message ends.
func (r *Reader) step() {
	in := &r.f.in
	if !r.begun {
		r.begun = true
		if r.err = in.await(); r.err != nil {
			return
		}
		if len(in.payload) == 0 {
			r.err = r.complete() // an empty message: see Decompress
			return
		}
		r.err = r.reset()
	}
	for len(r.out) == 0 && r.err == nil {
		r.err = r.read()
	}
}

// reset makes flate.Reader ready for the blocks that follow.
func (r *Reader) reset() error { return r.f.r.Reset(&r.f.in, r.window()) }

// window returns the bytes that the next block may refer to.
func (r *Reader) window() []byte {
	return r.room[max(0, r.end-1<<windowBits(r.d.WindowBits)):r.end]
}

// read has flate.Reader inflate some bytes.
func (r *Reader) read() error {
	if len(r.room)-r.end < len(r.room)/2 {
		r.end = copy(r.room[:], r.window())
	}
	room := r.room[r.end:]
	if r.left >= 0 && r.left < int64(len(room)) {
		room = room[:r.left+1]
	}
	n, err := r.f.r.Read(room)
	if r.left >= 0 {
		if r.left -= int64(n); r.left < 0 {
			return ErrTooLarge
		}
	}
	r.out = room[:n]
	r.end += n
	if n > 0 || err == nil {
		return nil // an error will be there again
	}
	if err := r.f.meaning(err); err != nil {
		return err
	}
	return r.finalBlock()
}

// finalBlock goes on behind a final block, or ends the message with io.EOF.
func (r *Reader) finalBlock() error {
	in := &r.f.in
	if err := in.await(); err != nil {
		return err
	}
	r.finals++
	switch {
	case in.complete():
		return r.complete()
	case in.pos > len(in.payload):
		return ErrTruncated
	case r.finals == maxFinalBlocks:
		return ErrCorrupt
	}
	return r.reset()
}

// complete ends a message of which all is inflated.
func (r *Reader) complete() error {
	if r.d.Takeover {
		r.d.past.write(r.window(), 1<<windowBits(r.d.WindowBits))
	}
	return io.EOF
}
