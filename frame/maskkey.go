package frame

import (
	"crypto/rand"
	mathrand "math/rand/v2"
	"sync"
)

// keySources holds generators of masking keys. Section 5.3 requires that each
// key is "derived from a strong source of entropy" and cannot be predicted from
// the keys before it. ChaCha8 is a stream cipher, and crypto/rand seeds it.
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
