package deflate

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// temptation returns messages that repeat themselves and each other at distances around
// 1<<bits, so that an encoder whose window is one byte too large uses that byte.
func temptation(bits int) (messages [][]byte) {
	r := rand.New(rand.NewPCG(uint64(bits), 1))
	size := 1 << bits
	words := noise(r, 64)
	for gap := -40; gap <= 40; gap += 8 {
		unique := noise(r, size+gap)
		copy(unique, words)
		messages = append(messages, append(bytes.Clone(unique), unique...), append(unique, words...))
	}
	text := records(4*size + 70_000)
	return append(messages, text, text[:size], text[:size+1], text)
}

// No distance exceeds the window, at any level, with takeover and without. All windows
// but the smallest are used to their full size.
func TestWindow(t *testing.T) {
	for bits := 8; bits <= 15; bits++ {
		messages := temptation(bits)
		for _, level := range []int{-2, 1, 6} {
			for _, takeover := range []bool{false, true} {
				t.Run(fmt.Sprintf("7.1.2/bits=%d/level=%d/takeover=%v", bits, level, takeover), func(t *testing.T) {
					c := Compressor{Level: level, WindowBits: bits, Takeover: takeover, Cache: new(Cache)}
					farthest := farthestDistance(t, &c, messages)
					if farthest > 1<<bits {
						t.Errorf("farthest distance is %d of %d", farthest, 1<<bits)
					}
					if level > 0 && bits > 8 && farthest < 1<<bits*3/4 {
						t.Errorf("farthest distance is only %d of %d", farthest, 1<<bits)
					}
				})
			}
		}
	}
}

// farthestDistance compresses the messages and returns the largest distance. It fails
// unless the reference, and a Decompressor with the same window, find the messages.
func farthestDistance(t *testing.T, c *Compressor, messages [][]byte) int {
	var r reference
	d := Decompressor{WindowBits: c.WindowBits, Takeover: c.Takeover}
	for i, p := range messages {
		payload, shrunk := roundTrip(t, c, &d, p)
		if !shrunk {
			continue
		}
		if !c.Takeover {
			r.out = nil
		}
		before := len(r.out)
		if err := r.message(payload); err != nil || !bytes.Equal(r.out[before:], p) {
			t.Fatalf("message %d: the reference has %d bytes of %d, %v", i, len(r.out)-before, len(p), err)
		}
	}
	return r.farthest
}
