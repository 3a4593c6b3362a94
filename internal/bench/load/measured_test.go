package load

import "testing"

// TestMeasured has the replies to a flight come in every way.
func TestMeasured(t *testing.T) {
	for _, tt := range []struct {
		name    string
		work    Work
		arrived []int // by one read after another
		want    []int
	}{
		{"one by one", Slow, []int{1, 1, 1}, []int{1, 0, 0}},
		{"all at once", Slow, []int{3}, []int{1}},
		{"a read without a whole message", Slow, []int{0, 2, 1}, []int{0, 1, 0}},
		{"of an echo, all", Echo, []int{1, 2}, []int{1, 2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := &Load{spec: Spec{Work: tt.work}}
			c := &conn{flight: &flight{due: 3}, due: 3}
			for i, n := range tt.arrived {
				c.due -= n
				if got := l.measured(c, n); got != tt.want[i] {
					t.Errorf("read %d of %d messages: %d count, want %d", i, n, got, tt.want[i])
				}
			}
		})
	}
}

func TestFlightsDue(t *testing.T) {
	for _, tt := range []struct{ inFlight, replies, want int }{{1, 0, 1}, {16, 0, 16}, {1, 1000, 1000}} {
		all := flights(&Spec{Conns: 1, Size: 1, InFlight: tt.inFlight, Replies: tt.replies, Payload: Text})
		if got := all[0].due; got != tt.want {
			t.Errorf("%d in flight, %d replies: %d due, want %d", tt.inFlight, tt.replies, got, tt.want)
		}
	}
}
