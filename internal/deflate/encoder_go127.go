//go:build go1.27

package deflate

// fastestBytes is the memory of an encoder of level 1, in bytes, rounded up.
// encoderBytes is that of the largest encoder of the levels above.
const (
	fastestBytes = 820_000
	encoderBytes = 1_210_000
)
