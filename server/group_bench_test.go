package server

import (
	"fmt"
	"testing"

	"resty.websocket/internal/wiretest"
)

// looseConns returns connections that are in no group.
func looseConns(b *testing.B, n int) []*Conn {
	b.Helper()
	conns := make([]*Conn, n)
	set := new(Options).settings()
	for i := range conns {
		own, _ := wiretest.Pipe()
		conns[i] = &Conn{conn: set.New(own, nil, nil)}
	}
	return conns
}

// BenchmarkGroup_Join has connections join a group and leave it.
func BenchmarkGroup_Join(b *testing.B) {
	for _, n := range []int{100, 100_000} {
		b.Run(fmt.Sprintf("members=%d", n), func(b *testing.B) {
			conns := looseConns(b, n)
			b.ReportAllocs()
			for b.Loop() {
				var g Group
				for _, c := range conns {
					g.Add(c)
				}
				for _, c := range conns {
					g.Remove(c)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/member")
		})
	}
}

// BenchmarkGroup_Rooms has a connection join many groups and leave all of them at its end.
func BenchmarkGroup_Rooms(b *testing.B) {
	const n = 10_000
	b.Run(fmt.Sprintf("rooms=%d", n), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rooms := make([]Group, n)
			c := looseConns(b, 1)[0]
			for i := range rooms {
				rooms[i].Add(c)
			}
			c.CloseNow()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/room")
	})
}

// BenchmarkGroup_Broadcast is beside a loop over a slice. The members have been sent a Close
// frame, so that the Offers cost as little as they can.
func BenchmarkGroup_Broadcast(b *testing.B) {
	const n = 10_000
	conns := looseConns(b, n)
	var g Group
	for _, c := range conns {
		g.Add(c)
		c.SendClose(1000, "")
	}
	m := prepared(b, "hello")
	for name, broadcast := range map[string]func(){
		"group": func() { g.Broadcast(m) },
		"loop": func() {
			for _, c := range conns {
				c.Offer(m)
			}
		},
	} {
		b.Run(fmt.Sprintf("members=%d/by=%s", n, name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				broadcast()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/member")
		})
	}
}

// BenchmarkGroup_Stats adds up.
func BenchmarkGroup_Stats(b *testing.B) {
	const n = 100_000
	var g Group
	for _, c := range looseConns(b, n) {
		g.Add(c)
	}
	b.Run(fmt.Sprintf("members=%d", n), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			g.Stats()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/member")
	})
}
