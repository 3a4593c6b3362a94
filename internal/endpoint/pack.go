package endpoint

import (
	"sync"
	"time"
)

// quietTime is for how long at least no compressed message has come when the
// window of a receiver that waits is packed; at most it is twice as long. A busy
// connection thus looks at the clock and sets a deadline for it once in that time
// and not with each message.
const quietTime = 5 * time.Second

// packTime returns when to see whether the window is to be packed.
func (c *Conn) packTime() instant {
	if c.deflation == nil {
		return never
	}
	return c.deflation.packAt
}

// windowUsed notes that a compressed message has come.
func (c *Conn) windowUsed() {
	z := c.deflation
	z.used = z.packAt != never
	if !z.used && z.decompressor.Takeover {
		z.packAt = c.after(quietTime)
	}
}

// packIfDue packs the window if its time has come.
func (c *Conn) packIfDue() {
	if !c.passed(c.packTime()) {
		return
	}
	z := c.deflation
	if z.used {
		z.used, z.packAt = false, c.after(quietTime)
		return
	}
	z.packAt = never
	// Packing takes 3 KiB of stack. That of a goroutine which waits would not
	// become small again before the next garbage collection.
	var packing sync.WaitGroup
	packing.Go(z.decompressor.CompressWindow)
	packing.Wait()
}
