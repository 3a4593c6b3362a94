package deflate

import (
	"compress/flate"
	"sync"
)

// minCompressed is the smallest window, in bytes, that CompressWindow compresses.
const minCompressed = 1 << 10

// windowRooms are the buffers that CompressWindow compresses into. Their contents
// are then copied to memory of the right size.
var windowRooms = sync.Pool{New: func() any { return new([1 << MaxWindowBits]byte) }}

// CompressWindow compresses the window of a Decompressor that has become idle, to
// save memory. The window stays as it is if it is shorter than 1 KiB or would not
// shrink by a quarter. The next message decompresses it again.
//
// Both ways cost about ten times as much as a short message; see the package
// comment.
func (d *Decompressor) CompressWindow() {
	raw := d.past.buf
	if d.windowLen > 0 || len(raw) < minCompressed || looksRandom(raw) {
		return
	}
	room := windowRooms.Get().(*[1 << MaxWindowBits]byte)
	defer windowRooms.Put(room)
	e := freshEncoder(flate.BestSpeed)
	defer recycle(e)
	if out, ok := e.compress(room[:0], raw, len(raw), len(raw)-len(raw)/4); ok {
		d.windowLen = uint16(len(raw))
		d.past.buf = append(make([]byte, 0, len(out)), out...)
	}
}

// restoreWindow undoes CompressWindow. The error is ErrCorrupt, and occurs only if
// the compressed window was overwritten.
func (d *Decompressor) restoreWindow() error {
	if d.windowLen == 0 {
		return nil
	}
	n := int(d.windowLen)
	f := inflaters.Get().(*inflater)
	defer f.release()
	f.in.payload = d.past.buf
	raw, err := f.blocks(make([]byte, 0, n), nil, n)
	if err != nil || len(raw) < n {
		return ErrCorrupt
	}
	d.past.buf, d.windowLen = raw, 0
	return nil
}
