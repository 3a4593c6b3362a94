package soak

import (
	"flag"
	"strings"
	"testing"
	"time"
)

var (
	hostile = flag.Int("hostile", 100, "number of hostile peers")
	honest  = flag.Int("honest", 20, "number of honest clients")
	lasts   = flag.Duration("for", 2*time.Second, "how long the hostile peers are at it")
	ratio   = flag.Float64("ratio", 0, "how much longer 99 % of the echoes may take beside hostile peers; 0: any time")
	target  = flag.String("target", "", "address of the server; for the process of the hostile peers")
)

// maxPeak bounds the server's memory, in bytes, while it is harassed. If what
// peers declare were allocated, it would take gigabytes.
const maxPeak = 1 << 30

// slack is by how many bytes the server's memory may differ from what it was
// before: the runtime never frees what it knows a goroutine by, about half a
// KiB for each that there was at the same time.
func slack() uint64 { return 512<<10 + uint64(*hostile)<<10 }

// TestHostilePeers compares a quiet run with one beside hostile peers.
func TestHostilePeers(t *testing.T) {
	server := start(t, "server")
	addr := server.line(t)
	idle := askState(t, addr)
	gone := func(s state) bool { return s.Goroutines <= idle.Goroutines }

	quiet := useAll(t, addr, *honest, min(*lasts, time.Minute))
	before := settled(t, addr, gone)
	t.Logf("quiet run: %s; the server then: %v", summary(quiet), before)

	peers := start(t, "hostile", "-target", addr)
	peers.line(t) // at it: slow to start, they would have no time left
	beside := useAll(t, addr, *honest, *lasts)
	judge(t, peers.end(t))
	after := settled(t, addr, func(s state) bool {
		return s.Goroutines <= before.Goroutines && s.Memory <= before.Memory+slack()
	})
	t.Logf("beside %d hostile peers: %s; the server then: %v", *hostile, summary(beside), after)
	server.end(t)

	compare(t, before, after)
	if got := float64(late(beside)) / float64(late(quiet)); *ratio > 0 && got > *ratio {
		t.Errorf("99 %% of the echoes took %.1f times as long, want at most %v", got, *ratio)
	}
}

// compare holds the server's state against what it was before.
func compare(t *testing.T, before, after state) {
	t.Helper()
	if after.Goroutines > before.Goroutines {
		t.Errorf("%d goroutines are left behind", after.Goroutines-before.Goroutines)
	}
	if after.Memory > before.Memory+slack() {
		t.Errorf("%d KiB are left behind", (after.Memory-before.Memory)>>10)
	}
	if after.Peak > maxPeak {
		t.Errorf("the server took %d MiB", after.Peak>>20)
	}
}

// judge reads what the hostile peers have to say.
func judge(t *testing.T, report string) {
	t.Helper()
	t.Logf("acts:\n%s", report)
	for line := range strings.Lines(report) {
		if strings.HasPrefix(line, "FAIL") {
			t.Errorf("%s", line)
		}
		if strings.HasPrefix(line, "       0 ") && *hostile >= len(acts) {
			t.Errorf("never done:%s", line)
		}
	}
}

// late returns the time within which 99 % of the echoes came. The times are
// sorted.
func late(took []time.Duration) time.Duration {
	if len(took) == 0 {
		return 0
	}
	return took[len(took)*99/100]
}

// summary says how long echoes took.
func summary(took []time.Duration) string {
	if len(took) == 0 {
		return "no echo"
	}
	return strings.Join([]string{
		"p50 " + took[len(took)/2].String(),
		"p99 " + late(took).String(),
		"max " + took[len(took)-1].String(),
	}, ", ")
}
