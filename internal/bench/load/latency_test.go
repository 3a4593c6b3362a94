package load

import (
	"testing"
	"time"
)

func TestBuckets(t *testing.T) {
	last := -1
	for v := uint64(0); v < 1<<40; v += 1 + v/7 {
		i := bucket(v)
		if low, next := floor(i), floor(i+1); v < low || v >= next {
			t.Fatalf("%d is in bucket %d, from %d to %d", v, i, low, next)
		}
		if i < last {
			t.Fatalf("%d is in bucket %d, behind %d", v, i, last)
		}
		last = i
	}
	if i, n := bucket(1<<63-1), len(new(latencies).counts); i >= n {
		t.Errorf("the longest duration is in bucket %d of %d", i, n)
	}
}

func TestQuantile(t *testing.T) {
	var l latencies
	if got := l.quantile(0.5); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
	for i := 1; i <= 1000; i++ {
		l.add(time.Duration(i)*time.Microsecond, 2)
	}
	for _, tt := range []struct {
		q    float64
		want time.Duration
	}{
		{0, 1 * time.Microsecond},
		{0.50, 500 * time.Microsecond},
		{0.99, 990 * time.Microsecond},
	} {
		if got := l.quantile(tt.q); got < tt.want*95/100 || got > tt.want*105/100 {
			t.Errorf("quantile %v is %v, want about %v", tt.q, got, tt.want)
		}
	}
}
