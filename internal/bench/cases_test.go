package main

import (
	"testing"

	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/report"
	"resty.websocket/internal/bench/servers"
)

// all returns the cases of a full run.
func all(t *testing.T) []Case {
	t.Helper()
	all, err := cases()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCaseNamesDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range all(t) {
		if seen[c.Name] {
			t.Errorf("%s occurs twice", c.Name)
		}
		seen[c.Name] = true
	}
}

func TestParseCase(t *testing.T) {
	got, err := parseCase("broadcast/size=100/conns=5000/each=10/takeover=on")
	want := Case{Name: got.Name, Cores: 1, Spec: load.Spec{
		Size: 100, Conns: 5000, InFlight: 1, Replies: 10, Payload: load.JSON, Deflate: load.Takeover, Kind: load.Broadcast,
	}}
	if got != want || err != nil {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, name := range []string{"chat/size=1", "echo/size=x", "echo/mood=good"} {
		if _, err := parseCase(name); err == nil {
			t.Errorf("%s is no error", name)
		}
	}
}

// TestEveryTargetRuns gives each case that a full run has a measurement of each library that it runs.
func TestEveryTargetRuns(t *testing.T) {
	var r report.Results
	libs := append(servers.Libraries, servers.Library{Name: "resty-before"})
	for _, lib := range libs {
		r.Libraries = append(r.Libraries, report.Library{Name: lib.Name})
	}
	for _, c := range all(t) {
		cpu := float64(1 + len(r.Cases)) // some targets are about what two cases differ by
		done := report.Case{Name: c.Name, Conns: c.Conns, Rounds: map[string][]report.Sample{}}
		for _, lib := range libs {
			if c.runs(lib) {
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
		cores  []int
		n      int
		server []int
		load   int
	}{
		{[]int{0, 1}, 1, []int{0}, 1},
		{[]int{0, 1}, 2, []int{0, 1}, 1},
		{[]int{4, 5, 6}, 2, []int{4, 5}, 6},
		{[]int{3}, 1, []int{3}, 3},
	} {
		server, load := split(tt.cores, tt.n)
		if len(server) != len(tt.server) || server[0] != tt.server[0] || load != tt.load {
			t.Errorf("%v for %d: server %v, load %v", tt.cores, tt.n, server, load)
		}
	}
}
