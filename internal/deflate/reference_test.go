package deflate

import (
	"errors"
	"slices"
	"sync"
	"testing"
)

// reference decodes DEFLATE bit by bit, following RFC 1951 alone, and records the
// largest distance. It shares no code with the package.
type reference struct {
	in       []byte
	bit      int
	out      []byte
	farthest int
}

func (r *reference) bits(n int) (v int) {
	for i := range n {
		v |= int(r.in[r.bit>>3]>>(r.bit&7)&1) << i
		r.bit++
	}
	return v
}

// referenceCode counts codes by length and lists symbols in order of code.
type referenceCode struct{ count, symbols []int }

func newReferenceCode(lengths []int) (c referenceCode) {
	c.count = make([]int, 16)
	for l := 1; l < 16; l++ {
		for symbol, have := range lengths {
			if have == l {
				c.count[l]++
				c.symbols = append(c.symbols, symbol)
			}
		}
	}
	return c
}

// fixedCodes returns the codes of fixed blocks (RFC 1951, Section 3.2.6).
var fixedCodes = sync.OnceValues(func() (literal, distance referenceCode) {
	lengths := slices.Concat(slices.Repeat([]int{8}, 144), slices.Repeat([]int{9}, 112),
		slices.Repeat([]int{7}, 24), slices.Repeat([]int{8}, 8))
	return newReferenceCode(lengths), newReferenceCode(slices.Repeat([]int{5}, 30))
})

func (r *reference) symbol(c referenceCode) int {
	code, first, index := 0, 0, 0
	for l := 1; l < 16; l++ {
		code |= r.bits(1)
		if code-first < c.count[l] {
			return c.symbols[index+code-first]
		}
		index += c.count[l]
		first = (first + c.count[l]) << 1
		code <<= 1
	}
	panic("no such code")
}

func (r *reference) codes() (literal, distance referenceCode) {
	nl, nd, nc := r.bits(5)+257, r.bits(5)+1, r.bits(4)+4
	lengths := make([]int, 19)
	for _, at := range []int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}[:nc] {
		lengths[at] = r.bits(3)
	}
	c := newReferenceCode(lengths)
	var all []int
	for len(all) < nl+nd {
		s, times := r.symbol(c), 1
		switch s {
		case 16:
			s, times = all[len(all)-1], 3+r.bits(2)
		case 17:
			s, times = 0, 3+r.bits(3)
		case 18:
			s, times = 0, 11+r.bits(7)
		}
		for range times {
			all = append(all, s)
		}
	}
	return newReferenceCode(all[:nl]), newReferenceCode(all[nl:])
}

func (r *reference) block(literal, distance referenceCode) {
	lengthBase := []int{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthExtra := []int{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	base := []int{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	for {
		s := r.symbol(literal)
		if s == 256 {
			return
		}
		if s < 256 {
			r.out = append(r.out, byte(s))
			continue
		}
		length := lengthBase[s-257] + r.bits(lengthExtra[s-257])
		d := r.symbol(distance)
		back := base[d] + r.bits(max(0, d/2-1))
		r.farthest = max(r.farthest, back)
		for range length {
			r.out = append(r.out, r.out[len(r.out)-back])
		}
	}
}

// message decodes the next payload and appends the message to r.out, which is also the
// window.
func (r *reference) message(payload []byte) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("reference: invalid data")
		}
	}()
	r.in, r.bit = []byte(string(payload)+tail), 0
	for r.bit < 8*len(r.in) {
		header := r.bits(3)
		switch header >> 1 {
		case 0:
			r.bit = (r.bit + 7) &^ 7
			n := r.bits(16)
			if n != ^r.bits(16)&0xffff {
				return errors.New("reference: stored length")
			}
			r.out = append(r.out, r.in[r.bit/8:][:n]...)
			r.bit += 8 * n
		case 1:
			r.block(fixedCodes())
		case 2:
			literal, distance := r.codes()
			r.block(literal, distance)
		default:
			return errors.New("reference: block type")
		}
		if header&1 == 1 {
			r.bit = (r.bit + 7) &^ 7
		}
	}
	return nil
}

// The reference itself is correct.
func TestReference(t *testing.T) {
	var r reference
	if err := r.message(unhex(t, "f2 48 cd c9 c9 07 00")); err != nil || string(r.out) != "Hello" {
		t.Fatalf("reference = %q, %v", r.out, err)
	}
	if err := r.message(unhex(t, "f2 00 11 00 00")); err != nil || string(r.out) != "HelloHello" || r.farthest != 5 {
		t.Fatalf("reference = %q, %v, distance %d", r.out, err, r.farthest)
	}
}
