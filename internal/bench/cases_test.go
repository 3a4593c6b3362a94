package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/report"
	"resty.websocket/internal/bench/servers"
)

func TestCaseNamesDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range cases() {
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
	libs := append([]servers.Library{{Name: "resty" + before, Run: races}}, servers.Libraries...)
	var text bytes.Buffer
	for _, lib := range libs {
		fmt.Fprintf(&text, "lib-%s: here\n", lib.Name)
	}
	for i, c := range cases() {
		for _, lib := range libs {
			if lib.Has(c.Name) { // some targets are about what two cases differ by
				const values = "1 messages/s %d cpu-µs 1 p50-µs 1 p99-µs 1 allocs/op 1 resident-B 1 round-µs 1 grown-B"
				fmt.Fprintf(&text, "Benchmark%s/lib=%s 1 "+values+"\n", c.Name, lib.Name, i+1)
			}
		}
	}
	for _, build := range []string{"", "simd"} {
		fmt.Fprintf(&text, "build: %s\n", build)
		for _, lib := range []string{"resty", "gorilla", "copy", "utf8.Valid"} {
			for _, name := range []string{
				"Mask/lib=%s/size=4096", "UTF8/lib=%s/kind=nonascii/size=65536",
				"Handshake/lib=%s/until=written", "Handshake/lib=%s/until=returned",
			} {
				fmt.Fprintf(&text, "Benchmark"+name+" 1 1 ns/op 1 B/op\n", lib)
			}
		}
	}
	var r report.Results
	if err := r.Parse(text.Bytes()); err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Verdicts() {
		if v.Verdict == "not run" {
			t.Errorf("%s: %s", v.Case, v.Measured)
		}
	}
}

// TestHas has what only some libraries can do, or only some cases tell.
func TestHas(t *testing.T) {
	libs := map[string]servers.Library{"resty" + before: {Run: races}}
	for _, lib := range servers.Libraries {
		libs[lib.Name] = lib
	}
	for _, tt := range []struct {
		lib, name string
		want      bool
	}{
		{"resty", "deflate/size=1024/conns=10/takeover=on", true},
		{"resty", "heartbeat/conns=9000", false},
		{"resty-loop", "idle/conns=1000", true},
		{"resty-loop", "deflate-idle/size=32768/conns=500/takeover=none", false},
		{"resty-sessions", "broadcast/size=1024/conns=5000", true},
		{"resty-sessions", "broadcast/size=1024/conns=5000/takeover=off", false},
		{"resty-before", "echo/size=125/conns=1000/inflight=1/kind=text", true},
		{"resty-before", "echo/size=125/conns=1/inflight=1/kind=text", false},
		{"gorilla", "stalled/size=16384/conns=1000/stalled=10", false},
		{"gorilla", "deflate/size=1024/conns=10/takeover=off", true},
		{"gorilla", "deflate/size=1024/conns=10/takeover=on", false},
		{"coder", "deflate-idle/size=32768/conns=500/takeover=on", true},
		{"coder", "deflate-idle/size=32768/conns=5000/takeover=on", false},
		{"coder", "deflate-idle/size=32768/conns=5000/takeover=none", true},
		{"gobwas", "deflate-idle/size=32768/conns=5000/takeover=none", false},
		{"nbio", "stalled/size=16384/conns=1000/stalled=10", true},
	} {
		lib := libs[tt.lib]
		if got := lib.Has(tt.name); got != tt.want {
			t.Errorf("%s, %s: %t", tt.lib, tt.name, got)
		}
	}
}

// TestEarlierVersions has a Spec of an echo mean the same to a server of an earlier version, whose Job it is.
func TestEarlierVersions(t *testing.T) {
	c, err := parseCase("echo/size=125/conns=1000/inflight=1/kind=text")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := json.Marshal(c.Spec)
	if err != nil {
		t.Fatal(err)
	}
	var job, echo struct {
		Broadcast, Stalled bool
		Replies, Senders   int
		Pause, Heartbeat   time.Duration
		Deflate, Profile   string
	}
	if err := json.Unmarshal(spec, &job); err != nil || job != echo {
		t.Errorf("%s is %+v, %v", spec, job, err)
	}
}
