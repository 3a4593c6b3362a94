package frame

import (
	"sync"
	"testing"
)

// TestMaskKeyFresh takes keys from several goroutines at once. Of 4096 random
// keys a pair is equal once in 500 runs, and four pairs never: Section 5.3
// forbids to repeat them on purpose.
func TestMaskKeyFresh(t *testing.T) {
	const goroutines, each = 8, 512
	keys := make([][each][4]byte, goroutines)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			for j := range keys[i] {
				keys[i][j] = newMaskKey()
			}
		})
	}
	wg.Wait()
	seen := map[[4]byte]bool{}
	var ones [32]int
	for i := range keys {
		for _, key := range keys[i] {
			seen[key] = true
			for bit := range ones {
				ones[bit] += int(key[bit/8] >> (bit % 8) & 1)
			}
		}
	}
	if repeated := goroutines*each - len(seen); repeated > 3 {
		t.Errorf("%d of %d keys are repeated", repeated, goroutines*each)
	}
	// A fair bit is never this far off: it would be 20 standard deviations.
	for bit, n := range ones {
		if n < goroutines*each/3 || n > goroutines*each*2/3 {
			t.Errorf("bit %d is set in %d of %d keys", bit, n, goroutines*each)
		}
	}
}

// TestMaskKeyPerFrame holds the Encoder to a fresh key for each frame, equal
// payloads included.
func TestMaskKeyPerFrame(t *testing.T) {
	e := Encoder{Masked: true}
	seen := map[[4]byte]bool{}
	for range 256 {
		h, err := e.Next(true, Text, []byte("the same"))
		if err != nil || !h.Masked {
			t.Fatalf("Next = %+v, %v", h, err)
		}
		seen[h.MaskKey] = true
	}
	if len(seen) < 254 {
		t.Errorf("%d keys in 256 frames", len(seen))
	}
}
