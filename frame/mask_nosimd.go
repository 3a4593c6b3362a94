//go:build !goexperiment.simd || !amd64

package frame

// maskVectors masks nothing, because this build has no vectors. See
// mask_simd.go.
func maskVectors(p []byte, _ uint64) []byte { return p }
