//go:build goexperiment.simd && amd64

package frame

import "simd/archsimd"

// maskVectors masks the start of p, in steps of four vectors of 32 bytes, and
// returns the rest, which is less than a step. Without AVX2 it masks nothing.
func maskVectors(p []byte, k uint64) []byte {
	if len(p) < 128 || !archsimd.X86.AVX2() {
		return p
	}
	key := archsimd.BroadcastUint64x4(k).AsUint8x32()
	for len(p) >= 128 {
		b := (*[128]byte)(p)
		b0, b1, b2, b3 := (*[32]byte)(b[0:]), (*[32]byte)(b[32:]), (*[32]byte)(b[64:]), (*[32]byte)(b[96:])
		storeVector(loadVector(b0).Xor(key), b0)
		storeVector(loadVector(b1).Xor(key), b1)
		storeVector(loadVector(b2).Xor(key), b2)
		storeVector(loadVector(b3).Xor(key), b3)
		p = p[128:]
	}
	archsimd.ClearAVXUpperBits()
	return p
}
