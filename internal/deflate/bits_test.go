package deflate

import (
	"math/bits"
	"slices"
)

// bitWriter appends bits to a buffer, least significant first (RFC 1951,
// Section 3.1.1). Between calls fewer than 8 bits are pending.
type bitWriter struct {
	out     []byte
	pending uint64
	n       uint // number of pending bits
}

// These are the types of blocks (RFC 1951, Section 3.2.3), as header bits without
// BFINAL.
const (
	storedBlock  = 0 << 1
	fixedBlock   = 1 << 1
	dynamicBlock = 2 << 1
)

// write appends the low n bits of v, at most 48.
func (w *bitWriter) write(v uint64, n uint) {
	w.pending |= v << w.n
	w.n += n
	for w.n >= 8 {
		w.out = append(w.out, byte(w.pending))
		w.pending >>= 8
		w.n -= 8
	}
}

// code appends a Huffman code of n bits, the most significant first.
func (w *bitWriter) code(v uint16, n uint) {
	w.write(uint64(bits.Reverse16(v)>>(16-n)), n)
}

// end appends the header of the empty stored block that ends a message.
func (w *bitWriter) end() {
	w.write(storedBlock, 3)
	w.write(0, -w.n&7)
}

// stored appends stored blocks that carry p.
func (w *bitWriter) stored(p []byte) {
	for len(p) > 0 {
		n := min(len(p), 1<<16-1)
		w.end()
		w.write(uint64(n), 16)
		w.write(uint64(^uint16(n)), 16)
		w.out = append(w.out, p[:n]...)
		p = p[n:]
	}
}

// match appends a fixed block that copies 3 bytes from distance back (RFC 1951,
// Sections 3.2.5 and 3.2.6).
func (w *bitWriter) match(distance int) {
	w.write(fixedBlock, 3)
	w.code(257-256, 7) // length 3
	extra := uint(max(0, bits.Len(uint(distance-1))-2))
	symbol := 2*extra + uint(distance-1)>>extra
	w.code(uint16(symbol), 5)
	w.write(uint64(distance-1)&(1<<extra-1), extra)
	w.code(0, 7) // end of the block
}

// emptyDynamic appends the shortest dynamic block.
func (w *bitWriter) emptyDynamic() {
	w.write(dynamicBlock, 3)
	w.write(0, 5)  // HLIT: 257 codes
	w.write(0, 5)  // HDIST: 1 code
	w.write(14, 4) // HCLEN: 18 lengths, up to that of symbol 1
	for _, symbol := range []int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1} {
		if symbol == 1 || symbol == 18 {
			w.write(1, 3)
		} else {
			w.write(0, 3)
		}
	}
	w.write(1|(138-11)<<1, 8) // 138 zeros
	w.write(1|(118-11)<<1, 8) // 118 zeros
	w.write(0, 2)             // 1 for the end of the block, 1 for the distance
	w.write(0, 1)             // the end of the block
}

// dynamic appends the header of a block with codes of these lengths (RFC 1951,
// Section 3.2.7).
func (w *bitWriter) dynamic(final uint64, literals, distances []int) {
	w.write(final|dynamicBlock, 3)
	w.write(uint64(len(literals)-257), 5)
	w.write(uint64(len(distances)-1), 5)
	w.write(15, 4)  // HCLEN: 19 lengths
	w.write(1, 3+6) // 1 of symbol 16, none of 17 and 18
	for range 16 {
		w.write(5, 3) // of the others
	}
	lengths, last := slices.Concat(literals, distances), -1
	for len(lengths) > 0 {
		same := 0
		for same < min(6, len(lengths)) && lengths[same] == last {
			same++
		}
		if same >= 3 {
			w.code(0, 1) // symbol 16: the last one again
			w.write(uint64(same-3), 2)
			lengths = lengths[same:]
			continue
		}
		last, lengths = lengths[0], lengths[1:]
		w.code(uint16(16+last), 5)
	}
}

// emptyLongDynamic appends a short block with many codes longer than 9 bits, for which
// flate.Reader makes 128 tables.
func (w *bitWriter) emptyLongDynamic() {
	literals := slices.Repeat([]int{10}, 255)
	literals = append(literals, 11, 1, 2, 12, 13, 14, 15, 15) // 1: the end of the block
	w.dynamic(0, literals, []int{1})
	w.code(0, 1)
}
