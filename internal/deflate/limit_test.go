package deflate

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// The limit is exact for every length, and for every kind of block.
func TestDecompressLimit(t *testing.T) {
	const n = 3000
	for _, tt := range []struct {
		name    string
		message []byte
	}{
		{"stored", noise(rand.New(rand.NewPCG(1, 1)), n)},
		{"literals", []byte(strings.Repeat("\x00\x01\x03\x07", n/4))},
		{"matches", make([]byte, n)},
		{"records", records(n)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			level := 6
			if tt.name == "literals" {
				level = -2 // flate.HuffmanOnly
			}
			payload := newStdSender(t, level, false).payload(tt.message)
			for limit := range n + 2 {
				var d Decompressor
				dst := make([]byte, 3, 3+limit%97)
				got, err := d.Decompress(dst, payload, limit)
				switch {
				case limit >= n && (err != nil || !bytes.Equal(got[3:], tt.message)):
					t.Fatalf("limit %d: %d bytes, %v", limit, len(got), err)
				case limit < n && (err != ErrTooLarge || len(got) != 3):
					t.Fatalf("limit %d: %d bytes, %v", limit, len(got), err)
				}
			}
		})
	}
}

// The largest limit is none, wherever the message begins.
func TestDecompressLargestLimit(t *testing.T) {
	var d Decompressor
	for _, dst := range []string{"", "dst"} {
		got, err := d.Decompress([]byte(dst), unhex(t, "f2 48 cd c9 c9 07 00"), math.MaxInt)
		if err != nil || string(got) != dst+"Hello" {
			t.Errorf("after %q: %q, %v", dst, got, err)
		}
	}
}

// A buffer that has to grow is at most twice as long as the message, and not longer
// than the limit, save for what append rounds up.
func TestDecompressBuffer(t *testing.T) {
	for _, n := range []int{1, 100, 1000, 5000, 100_000} {
		payload := payloadOf(make([]byte, n), 6)
		for _, tt := range []struct{ limit, most int }{
			{-1, max(2*n, growMin)},
			{n, n},
			{n - 1, n - 1},
		} {
			var d Decompressor
			got, _ := d.Decompress(nil, payload, tt.limit)
			if most := tt.most + tt.most/2 + 8; cap(got) > most {
				t.Errorf("%d bytes, limit %d: a buffer of %d bytes, want at most %d", n, tt.limit, cap(got), most)
			}
		}
	}
}
