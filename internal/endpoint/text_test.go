package endpoint

import (
	"testing"
	"unicode/utf8"
)

// FuzzText: any cut of any bytes is judged as utf8.Valid judges the whole, and a text
// that no bytes can make valid is refused at once.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "a", "Grüße", "世界\U0001F600", "\xff", "a\xc3", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80", "\ufffd"} {
		f.Add([]byte(s), uint8(1), uint8(2))
	}
	f.Fuzz(func(t *testing.T, b []byte, first, second uint8) {
		i := min(int(first), len(b))
		j := min(i+int(second), len(b))
		var x text
		ok := x.next(b[:i]) && x.next(b[i:j]) && x.next(b[j:])
		if ok && x.complete() != utf8.Valid(b) || !ok && utf8.Valid(b) {
			t.Fatalf("%q cut at %d and %d: %t, complete %t", b, i, j, ok, x.complete())
		}
		if ok == refused(b) {
			t.Fatalf("%q: next = %t", b, ok)
		}
	})
}

// refused reports whether no text begins with b.
func refused(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			return utf8.FullRune(b)
		}
		b = b[n:]
	}
	return false
}
