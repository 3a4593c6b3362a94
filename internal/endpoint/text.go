package endpoint

import "unicode/utf8"

// A text validates UTF-8 that comes in pieces, cut anywhere (RFC 6455, Section 8.1). The
// zero value is ready.
type text struct {
	cut [utf8.UTFMax]byte // a character of which more bytes are due
	n   int               // bytes of it
}

// next reports whether p may follow. If it may not, p has a byte after which no text is
// valid.
func (t *text) next(p []byte) bool {
	for t.n > 0 && len(p) > 0 {
		t.cut[t.n] = p[0]
		t.n++
		p = p[1:]
		if !utf8.FullRune(t.cut[:t.n]) {
			continue
		}
		if r, size := utf8.DecodeRune(t.cut[:t.n]); r == utf8.RuneError && size == 1 {
			return false
		}
		t.n = 0
	}
	if len(p) == 0 {
		return true
	}
	whole := len(p) - cutLen(p)
	t.n = copy(t.cut[:], p[whole:])
	return utf8.Valid(p[:whole])
}

// complete reports whether the text may end.
func (t *text) complete() bool { return t.n == 0 }

// cutLen returns the length of the incomplete character at the end of p.
func cutLen(p []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		if last := p[len(p)-n:]; utf8.RuneStart(last[0]) {
			if utf8.FullRune(last) {
				return 0
			}
			return n
		}
	}
	return 0
}
