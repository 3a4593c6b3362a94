package frame

import (
	"encoding/binary"
	"math/bits"
)

// Mask masks or unmasks p in place (RFC 6455, Section 5.3); the two operations
// are the same. p may be a piece of a payload: pos is the offset of p[0] in the
// payload, and Mask returns the pos of the piece that follows p. Mask uses pos
// modulo 4, and returns a value from 0 to 3.
func Mask(p []byte, key [4]byte, pos int) int {
	next := (pos + len(p)) & 3
	// k32 is the key as a little-endian word, rotated so that its low byte masks
	// p[0].
	k32 := bits.RotateLeft32(binary.LittleEndian.Uint32(key[:]), -8*(pos&3))
	k := uint64(k32)<<32 | uint64(k32)
	p = maskWords(maskVectors(p, k), k)
	if len(p) >= 4 {
		binary.LittleEndian.PutUint32(p, binary.LittleEndian.Uint32(p)^k32)
		p = p[4:]
	}
	for i := range p {
		p[i] ^= byte(k)
		k >>= 8
	}
	return next
}

// maskWords masks the whole words of p with k, and returns the rest of p, which
// is less than a word. It masks eight words at a time while there are as many.
func maskWords(p []byte, k uint64) []byte {
	le := binary.LittleEndian
	for len(p) >= 64 {
		b := p[:64:64]
		le.PutUint64(b[0:], le.Uint64(b[0:])^k)
		le.PutUint64(b[8:], le.Uint64(b[8:])^k)
		le.PutUint64(b[16:], le.Uint64(b[16:])^k)
		le.PutUint64(b[24:], le.Uint64(b[24:])^k)
		le.PutUint64(b[32:], le.Uint64(b[32:])^k)
		le.PutUint64(b[40:], le.Uint64(b[40:])^k)
		le.PutUint64(b[48:], le.Uint64(b[48:])^k)
		le.PutUint64(b[56:], le.Uint64(b[56:])^k)
		p = p[64:]
	}
	for len(p) >= 8 {
		le.PutUint64(p, le.Uint64(p)^k)
		p = p[8:]
	}
	return p
}
