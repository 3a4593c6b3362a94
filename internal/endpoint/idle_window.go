package endpoint

import (
	"time"

	"resty.websocket/internal/deflate"
)

// idleTime is for how long at least no compressed message has come when the window of a
// receiver is compressed. At most it is twice as long, and a tick of a wheel.
const idleTime = 5 * time.Second

// A watch is the place in a wheel of a window that is not compressed. An inflation has one
// from a compressed message on until its window is idle, whether or not a call receives
// meanwhile. The inflation's mutex guards it.
type watch struct {
	spoke
	inflation *inflation
	used      bool // since the last visit
}

// decompress is that of the decompressor.
func (z *inflation) decompress(dst, payload []byte, limit int) ([]byte, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.windowUsed()
	return z.decompressor.Decompress(dst, payload, limit)
}

// begin begins a message that is inflated in pieces.
func (z *inflation) begin(limit int) *deflate.Reader {
	z.mu.Lock()
	defer z.mu.Unlock()
	return z.decompressor.Begin(limit)
}

// next returns the next piece of such a message, the last of which makes a window again.
func (z *inflation) next(r *deflate.Reader) ([]byte, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.windowUsed()
	return r.Next()
}

// close gives up the window.
func (z *inflation) close() {
	if z == nil {
		return
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	z.decompressor.Close()
	if z.watch != nil {
		z.watch.leave()
		z.watch = nil
	}
}

// windowUsed notes that a compressed message comes. z.mu is held.
func (z *inflation) windowUsed() {
	switch {
	case !z.decompressor.Takeover:
	case z.watch != nil:
		z.watch.used = true
	default:
		z.watch = &watch{inflation: z}
		z.watch.of = z.watch
		z.watch.begin(idleTime)
	}
}

// visit compresses the window if it is idle.
func (w *watch) visit(uint32) (next uint32) {
	z := w.inflation
	if !z.mu.TryLock() {
		return w.wheel.ticks // it is in use
	}
	defer z.mu.Unlock()
	if w.used {
		w.used = false
		return w.wheel.ticks
	}
	z.decompressor.CompressWindow() // if it has not been given up meanwhile
	z.watch = nil
	return 0
}
