package frame

import (
	"encoding/binary"
	"math/bits"
)

// Mask masks or unmasks p in place (RFC 6455, Section 5.3; the two are the
// same). The byte p[0] is taken to stand at offset pos of the payload, so that
// a payload can be masked piece by piece: Mask returns the pos of the piece
// that follows p. Only pos modulo 4 counts, and only that is returned.
func Mask(p []byte, key [4]byte, pos int) int {
	next := (pos + len(p)) & 3
	// The key as a little-endian word, turned so that its low byte is the one
	// that masks p[0].
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

// maskWords masks the whole words of p with k, eight of them in a step as long
// as there are so many, and returns the rest of p: less than a word.
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
