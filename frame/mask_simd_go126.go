//go:build goexperiment.simd && amd64 && !go1.27

package frame

import "simd/archsimd"

// Go 1.27 has renamed the functions that these two call.
func loadVector(b *[32]byte) archsimd.Uint8x32     { return archsimd.LoadUint8x32(b) }
func storeVector(v archsimd.Uint8x32, b *[32]byte) { v.Store(b) }
