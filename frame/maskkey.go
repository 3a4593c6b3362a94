package frame

import (
	"crypto/rand"
	mathrand "math/rand/v2"
	"sync"
)

// keySources holds generators of masking keys. Section 5.3 wants each key
// "derived from a strong source of entropy" and not to be predicted from the
// ones before it: ChaCha8 is a stream cipher, seeded by the operating system.
var keySources = sync.Pool{New: func() any {
	var seed [32]byte
	rand.Read(seed[:])
	return mathrand.NewChaCha8(seed)
}}

// newMaskKey returns a fresh masking key. Multiple goroutines may call it
// simultaneously.
func newMaskKey() [4]byte {
	source := keySources.Get().(*mathrand.ChaCha8)
	k := source.Uint64()
	keySources.Put(source)
	return [4]byte{byte(k), byte(k >> 8), byte(k >> 16), byte(k >> 24)}
}
