//go:build !go1.27

package deflate

// See encoder_go127.go: before Go 1.27, compress/flate had other encoders.
const (
	fastestBytes = 1_210_000
	encoderBytes = 820_000
)
