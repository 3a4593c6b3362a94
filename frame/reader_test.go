package frame

import (
	"math"
	"testing"
)

// TestReaderGrows holds that a buffer never gets smaller, as it would if twice
// its length did not fit in an int, which it does not from 1 GiB on if int has
// 32 bits.
func TestReaderGrows(t *testing.T) {
	for _, n := range []int{0, 1, 4095, 4096, 1 << 29, 1 << 30, math.MaxInt / 2, math.MaxInt/2 + 1, math.MaxInt - 1} {
		if got := grownLen(n); got <= n || got < 4096 {
			t.Errorf("grownLen(%d) = %d", n, got)
		}
	}
}
