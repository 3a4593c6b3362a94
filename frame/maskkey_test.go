package frame

import (
	"sync"
	"testing"
)

// TestMaskKeyFresh takes keys from several goroutines at once. Two of 4096 random
// keys are equal in one run of 500, and four pairs are equal in no run. Section
// 5.3 forbids predictable keys.
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
	// The bounds are more than 20 standard deviations away from the mean.
	for bit, n := range ones {
		if n < goroutines*each/3 || n > goroutines*each*2/3 {
			t.Errorf("bit %d is set in %d of %d keys", bit, n, goroutines*each)
		}
	}
}

// TestMaskKeyPerFrame tests that the Encoder takes a fresh key for each frame, even
// if the payloads are equal.
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
