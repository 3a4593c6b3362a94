package main

import (
	"testing"

	"resty.websocket/internal/bench/report"
	"resty.websocket/internal/bench/servers"
)

func TestCaseNamesDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range cases() {
		if seen[c.String()] {
			t.Errorf("%s occurs twice", c)
		}
		seen[c.String()] = true
	}
}

// TestEveryTargetRuns gives each case that a full run has a measurement of each library that it runs.
func TestEveryTargetRuns(t *testing.T) {
	var r report.Results
	for _, c := range cases() {
		cpu := float64(1 + len(r.Cases)) // some targets are about what two cases differ by
		done := report.Case{Name: c.String(), Rounds: map[string][]report.Sample{}}
		for _, lib := range append(servers.Libraries, servers.Library{Name: "resty-before"}) {
			if c.runs(lib.Name) {
				done.Rounds[lib.Name] = []report.Sample{{PerSecond: 1, CPU: cpu, P50: 1, P99: 1, Resident: 1, Round: 1}}
			}
		}
		r.Cases = append(r.Cases, done)
	}
	for _, lib := range []string{"resty", "gorilla", "copy", "utf8.Valid"} {
		for _, build := range []string{"default", "simd"} {
			for _, name := range []string{
				"Mask/lib=" + lib + "/size=4096", "UTF8/lib=" + lib + "/kind=nonascii/size=65536",
				"Handshake/lib=" + lib + "/until=written", "Handshake/lib=" + lib + "/until=returned",
			} {
				r.Micro = append(r.Micro, report.Micro{Build: build, Name: name, NsPer: 1, Bytes: 1})
			}
		}
	}
	for _, v := range r.Verdicts() {
		if v.Verdict == "not run" {
			t.Errorf("%s: %s", v.Case, v.Measured)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		cores        []int
		n            int
		server, load []int
	}{
		{[]int{0, 1}, 1, []int{0}, []int{1}},
		{[]int{0, 1}, 2, []int{0, 1}, []int{1}},
		{[]int{4, 5, 6}, 2, []int{4, 5}, []int{6}},
		{[]int{3}, 1, []int{3}, []int{3}},
	} {
		server, load := split(tt.cores, tt.n)
		if len(server) != len(tt.server) || server[0] != tt.server[0] || load[0] != tt.load[0] {
			t.Errorf("%v for %d: server %v, load %v", tt.cores, tt.n, server, load)
		}
	}
}
