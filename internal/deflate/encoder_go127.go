//go:build go1.27

package deflate

// Bytes that an encoder takes, rounded up: of level 1, and of the largest level
// above it.
const (
	fastestBytes = 820_000
	encoderBytes = 1_210_000
)
