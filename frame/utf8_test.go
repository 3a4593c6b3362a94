package frame

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// tails complete any valid beginning of a character: one of them makes it valid.
var tails = []string{"", "\x80", "\xbf", "\x80\x80", "\xbf\x80", "\x80\x80\x80", "\xbf\x80\x80"}

// goesOn reports whether p is the beginning of some valid text.
func goesOn(p []byte) bool {
	for _, tail := range tails {
		if utf8.Valid(append(p[:len(p):len(p)], tail...)) {
			return true
		}
	}
	return false
}

// checkUTF8 compares the state of the automaton after p with the results of
// package unicode/utf8.
func checkUTF8(t *testing.T, p []byte) {
	state := utf8Accept.next(p)
	if (state == utf8Accept) != utf8.Valid(p) || (state != utf8Reject) != goesOn(p) {
		t.Errorf("% x: accepted %t, rejected %t, want %t, %t", p, state == utf8Accept, state == utf8Reject, utf8.Valid(p), !goesOn(p))
	}
}

func TestUTF8EveryRune(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		p := utf8.AppendRune(nil, r)
		state := utf8Accept
		for i := range p {
			if state = state.next(p[i : i+1]); (state == utf8Accept) != (i == len(p)-1) || state == utf8Reject {
				t.Fatalf("%U: state %d after % x", r, state, p[:i+1])
			}
		}
	}
}

// TestUTF8EveryPrefix tests all sequences of one and two bytes. Of the sequences
// of three and four it tests those whose bytes are at the borders of the ranges of
// RFC 3629, Section 4.
func TestUTF8EveryPrefix(t *testing.T) {
	for i := range 1 << 16 {
		checkUTF8(t, []byte{byte(i >> 8)})
		checkUTF8(t, []byte{byte(i >> 8), byte(i)})
	}
	borders := []byte{
		0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf,
		0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
	}
	for _, a := range borders {
		for _, b := range borders {
			for _, c := range borders {
				checkUTF8(t, []byte{a, b, c})
				for _, d := range borders {
					checkUTF8(t, []byte{a, b, c, d})
				}
			}
		}
	}
}

// TestUTF8Places tests valid and invalid sequences at every offset of a longer
// text, because ASCII is skipped in words and blocks.
func TestUTF8Places(t *testing.T) {
	for _, s := range []string{"\u00e9", "\u20ac", "\U0001f30a", "\x80", "\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xe2\x28\xa1"} {
		for before := range 80 {
			for _, after := range []int{0, 1, 7, 8, 31, 32, 33} {
				checkUTF8(t, []byte(strings.Repeat("a", before)+s+strings.Repeat("z", after)))
			}
		}
	}
}

func TestUTF8AnyCut(t *testing.T) {
	text := []byte(strings.Repeat("a", 40) + "z\u00df\u6c34\U0001f30a" + strings.Repeat("\u6c34", 20) + strings.Repeat("b", 40))
	for _, p := range [][]byte{text, append(text[:60:60], text[61:]...)} {
		want := utf8Accept.next(p)
		for i := range len(p) + 1 {
			for j := i; j <= len(p); j++ {
				if got := utf8Accept.next(p[:i]).next(p[i:j]).next(p[j:]); got != want {
					t.Fatalf("cut at %d and %d: state %d, want %d", i, j, got, want)
				}
			}
		}
	}
}
