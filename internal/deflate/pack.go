package deflate

import (
	"compress/flate"
	"sync"
)

// minPacked is the least window, in bytes, that is worth packing.
const minPacked = 1 << 10

// packRooms are buffers to pack a window in, of which as much is kept as it takes.
var packRooms = sync.Pool{New: func() any { return new([1 << MaxWindowBits]byte) }}

// Pack compresses the window, if that saves a quarter of it or more, until the
// next message needs it. That costs ten times as much as a short message, and so
// does the way back: it is for connections that have become idle.
func (d *Decompressor) Pack() {
	raw := d.past.buf
	if d.packed > 0 || len(raw) < minPacked || looksRandom(raw) {
		return
	}
	room := packRooms.Get().(*[1 << MaxWindowBits]byte)
	defer packRooms.Put(room)
	e := freshEncoder(flate.BestSpeed)
	defer recycle(e)
	if out, ok := e.compress(room[:0], raw, len(raw), len(raw)-len(raw)/4); ok {
		d.packed = uint16(len(raw))
		d.past.buf = append(make([]byte, 0, len(out)), out...)
	}
}

// unpack makes the window what it was before Pack. An error would mean that
// somebody else has written to it.
func (d *Decompressor) unpack() error {
	if d.packed == 0 {
		return nil
	}
	n := int(d.packed)
	f := inflaters.Get().(*inflater)
	defer f.release()
	f.in.payload = d.past.buf
	raw, err := f.blocks(make([]byte, 0, n), nil, n)
	if err != nil || len(raw) < n {
		return ErrCorrupt
	}
	d.past.buf, d.packed = raw, 0
	return nil
}
