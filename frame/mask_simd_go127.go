//go:build goexperiment.simd && amd64 && go1.27

package frame

import "simd/archsimd"

func loadVector(b *[32]byte) archsimd.Uint8x32     { return archsimd.LoadUint8x32Array(b) }
func storeVector(v archsimd.Uint8x32, b *[32]byte) { v.StoreArray(b) }
