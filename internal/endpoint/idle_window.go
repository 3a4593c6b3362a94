package endpoint

import (
	"sync"
	"time"
)

// idleTime is for how long at least no compressed message has come when the window of
// a receiver that waits is compressed. At most it is twice as long. A busy connection
// thus looks at the clock and sets a deadline for it once in that time and not with
// each message.
const idleTime = 5 * time.Second

// idleCheck returns when to see whether the window is idle.
func (z *inflation) idleCheck() instant {
	if z == nil {
		return never
	}
	return z.checkAt
}

// windowUsed notes that a compressed message has come.
func (z *inflation) windowUsed() {
	z.used = z.checkAt != never
	if !z.used && z.decompressor.Takeover {
		z.checkAt = after(idleTime)
	}
}

// compressIdleWindow compresses the window if its time has come.
func (z *inflation) compressIdleWindow() {
	if !passed(z.idleCheck()) {
		return
	}
	if z.used {
		z.used, z.checkAt = false, after(idleTime)
		return
	}
	z.checkAt = never
	// Compressing takes 3 KiB of stack. That of a goroutine which waits would not
	// become small again before the next garbage collection.
	var compressing sync.WaitGroup
	compressing.Go(z.decompressor.CompressWindow)
	compressing.Wait()
}
