package load

import (
	"math/bits"
	"time"
)

// latencies is a histogram of durations: 32 steps to each power of two, so that a quantile is exact to about 3 %.
type latencies struct {
	counts [64 * steps]int
	total  int
}

const (
	steps    = 1 << stepBits
	stepBits = 5
)

// add counts d n times.
func (l *latencies) add(d time.Duration, n int) {
	l.counts[bucket(uint64(max(d, 0)))] += n
	l.total += n
}

// quantile returns the duration that a share q of the counted ones, 0 to 1, does not exceed. It is 0 where nothing was
// counted.
func (l *latencies) quantile(q float64) time.Duration {
	rank := int(q * float64(l.total))
	for i, n := range l.counts {
		if rank -= n; rank < 0 {
			return time.Duration(floor(i))
		}
	}
	return 0
}

// bucket numbers the values so that neighbours share a bucket when they agree in their top stepBits+1 bits.
func bucket(v uint64) int {
	shift := max(bits.Len64(v)-stepBits-1, 0)
	return shift*steps + int(v>>shift)
}

// floor is the smallest value of bucket i.
func floor(i int) uint64 {
	if i < 2*steps {
		return uint64(i)
	}
	shift := i/steps - 1
	return uint64(i-shift*steps) << shift
}
