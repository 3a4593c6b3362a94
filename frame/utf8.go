package frame

import "encoding/binary"

// utf8State is the state of a UTF-8 validator between two bytes. The validator
// is a finite automaton: it can stop after any byte and continue later, and it
// rejects at the first byte after which no text is valid.
//
// The value of a state is the position of six bits in a row of utf8Rows. Each
// row belongs to a byte. The bits at the position of a state are the state that
// follows it after that byte. A step is one load and one shift for any byte.
type utf8State uint8

// The states are named by the bytes that must come next: a number of continuation
// bytes. After some leading bytes the first of them is restricted (RFC 3629,
// Section 4).
const (
	utf8Reject  utf8State = 6 * iota // nothing: the text is invalid
	utf8Accept                       // a new character, or the end of the text
	utf8Tail1                        // 80..BF
	utf8Tail2                        // 80..BF, then Tail1
	utf8Tail3                        // 80..BF, then Tail2
	utf8AfterE0                      // A0..BF, then Tail1: no overlong form
	utf8AfterED                      // 80..9F, then Tail1: no surrogate
	utf8AfterF0                      // 90..BF, then Tail2: no overlong form
	utf8AfterF4                      // 80..8F, then Tail2: not above U+10FFFF
)

// utf8Rows has a row for each byte.
var utf8Rows = func() (rows [256]uint64) {
	arrow := func(from utf8State, lo, hi int, to utf8State) {
		for b := lo; b <= hi; b++ {
			rows[b] |= uint64(to) << from
		}
	}
	arrow(utf8Accept, 0x00, 0x7F, utf8Accept)
	arrow(utf8Accept, 0xC2, 0xDF, utf8Tail1)
	arrow(utf8Accept, 0xE0, 0xE0, utf8AfterE0)
	arrow(utf8Accept, 0xE1, 0xEC, utf8Tail2)
	arrow(utf8Accept, 0xED, 0xED, utf8AfterED)
	arrow(utf8Accept, 0xEE, 0xEF, utf8Tail2)
	arrow(utf8Accept, 0xF0, 0xF0, utf8AfterF0)
	arrow(utf8Accept, 0xF1, 0xF3, utf8Tail3)
	arrow(utf8Accept, 0xF4, 0xF4, utf8AfterF4)
	arrow(utf8Tail1, 0x80, 0xBF, utf8Accept)
	arrow(utf8Tail2, 0x80, 0xBF, utf8Tail1)
	arrow(utf8Tail3, 0x80, 0xBF, utf8Tail2)
	arrow(utf8AfterE0, 0xA0, 0xBF, utf8Tail1)
	arrow(utf8AfterED, 0x80, 0x9F, utf8Tail1)
	arrow(utf8AfterF0, 0x90, 0xBF, utf8Tail2)
	arrow(utf8AfterF4, 0x80, 0x8F, utf8Tail2)
	return rows
}()

const nonASCII = 0x8080808080808080 // the top bit of each byte of a word

// next returns the state after the bytes of p.
func (s utf8State) next(p []byte) utf8State {
	state := uint64(s)
	for len(p) >= 8 {
		if utf8State(state&63) == utf8Accept && binary.LittleEndian.Uint64(p)&nonASCII == 0 {
			p = skipASCII(p[8:])
			continue
		}
		b := p[:8:8]
		state = utf8Rows[b[0]] >> (state & 63)
		state = utf8Rows[b[1]] >> (state & 63)
		state = utf8Rows[b[2]] >> (state & 63)
		state = utf8Rows[b[3]] >> (state & 63)
		state = utf8Rows[b[4]] >> (state & 63)
		state = utf8Rows[b[5]] >> (state & 63)
		state = utf8Rows[b[6]] >> (state & 63)
		state = utf8Rows[b[7]] >> (state & 63)
		p = p[8:]
	}
	for _, b := range p {
		state = utf8Rows[b] >> (state & 63)
	}
	return utf8State(state & 63)
}

// skipASCII returns p without the whole words of ASCII at its start.
func skipASCII(p []byte) []byte {
	le := binary.LittleEndian
	for len(p) >= 64 {
		b := p[:64:64]
		low := le.Uint64(b[0:]) | le.Uint64(b[8:]) | le.Uint64(b[16:]) | le.Uint64(b[24:])
		high := le.Uint64(b[32:]) | le.Uint64(b[40:]) | le.Uint64(b[48:]) | le.Uint64(b[56:])
		if (low|high)&nonASCII != 0 {
			break
		}
		p = p[64:]
	}
	for len(p) >= 8 && le.Uint64(p)&nonASCII == 0 {
		p = p[8:]
	}
	return p
}
