package frame

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"resty.websocket/internal/wiretest"
)

// maskNaive is the algorithm of Section 5.3, byte by byte.
func maskNaive(p []byte, key [4]byte, pos int) {
	for i := range p {
		p[i] ^= key[(pos+i)&3]
	}
}

var testKey = [4]byte{0x37, 0xFA, 0x21, 0x3D}

func TestMask(t *testing.T) {
	const maxLen, maxAlign = 300, 16
	buf := make([]byte, maxLen+2*maxAlign)
	want := make([]byte, len(buf))
	for pos := range 8 {
		t.Run(fmt.Sprintf("5.3/pos=%d", pos), func(t *testing.T) {
			for align := range maxAlign {
				for n := range maxLen + 1 {
					wiretest.Scribble(buf)
					copy(want, buf)
					maskNaive(want[align:align+n], testKey, pos)
					next := Mask(buf[align:align+n], testKey, pos)
					if !bytes.Equal(buf, want) {
						t.Fatalf("%d bytes at alignment %d:\n% x, want\n% x", n, align, buf, want)
					}
					if next != (pos+n)%4 {
						t.Fatalf("%d bytes: next pos %d, want %d", n, next, (pos+n)%4)
					}
				}
			}
		})
	}
}

func TestMaskPiecewise(t *testing.T) {
	const text = "a payload that is masked in three pieces, at whatever place it is cut"
	for i := range len(text) + 1 {
		for j := i; j <= len(text); j++ {
			p := []byte(text)
			pos := Mask(p[:i], testKey, 0)
			pos = Mask(p[i:j], testKey, pos)
			Mask(p[j:], testKey, pos)
			maskNaive(p, testKey, 0)
			if string(p) != text {
				t.Fatalf("cut at %d and %d: %q", i, j, p)
			}
		}
	}
}

// TestMaskFarPos tests that Mask uses pos modulo 4, even for the largest ints.
func TestMaskFarPos(t *testing.T) {
	for _, pos := range []int{math.MaxInt - 8, math.MaxInt - 3, math.MaxInt} {
		near, far := []byte("0123456789"), []byte("0123456789")
		a, b := Mask(near, testKey, pos&3), Mask(far, testKey, pos)
		if a != b || !bytes.Equal(near, far) {
			t.Errorf("pos %d: next %d, % x, want %d, % x", pos, b, far, a, near)
		}
	}
}
