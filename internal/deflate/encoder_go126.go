//go:build !go1.27

package deflate

// compress/flate had other encoders before Go 1.27. See encoder_go127.go.
const (
	fastestBytes = 1_210_000
	encoderBytes = 820_000
)
