package deflate

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"testing"
)

// spread puts a zero after each byte of p and keeps the length.
func spread(p []byte) []byte {
	out := make([]byte, len(p))
	for i := 0; i < len(p); i += 2 {
		out[i] = p[i]
	}
	return out
}

func TestLooksRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, n := range []int{64, 128, 1000, 100_000} {
		compressed := payloadOf(records(30*n), 6)
		for _, tt := range []struct {
			name string
			p    []byte
			want bool
		}{
			{"random", noise(r, n), true},
			{"compressed", compressed[len(compressed)/2:][:min(n, len(compressed)/2)], true},
			{"records", records(n), false},
			{"zeros", make([]byte, n), false},
			{"hex", fmt.Appendf(nil, "%x", noise(r, n/2)), false},
			{"base64", base64.StdEncoding.AppendEncode(nil, noise(r, n)), false},
			{"16_bit_numbers", spread(noise(r, n)), false},
		} {
			if got := looksRandom(tt.p); got != tt.want {
				t.Errorf("%d bytes of %s: %v", n, tt.name, got)
			}
		}
	}
}

// KeepsWindow reports what Compress does. If the window is kept, the second of two
// equal messages becomes much shorter.
func TestKeepsWindow(t *testing.T) {
	p := records(1000)
	for _, bits := range []int{-1, 0, 7, 8, 9, 14, 15, 16} {
		for level := -3; level <= 10; level++ {
			for _, takeover := range []bool{false, true} {
				c := Compressor{Level: level, WindowBits: bits, Takeover: takeover, Cache: unswept()}
				c.Compress(nil, p)
				if got, want := c.KeepsWindow(), remembers(&c, p); got != want {
					t.Errorf("level %d, %d bits, takeover %v: KeepsWindow is %v, the window was kept: %v", level, bits, takeover, got, want)
				}
				if c.KeepsWindow() != (c.slot.encoder != nil) {
					t.Errorf("level %d, %d bits, takeover %v: KeepsWindow is %v, but %d bytes are kept", level, bits, takeover, c.KeepsWindow(), c.Cache.used)
				}
			}
		}
	}
}
