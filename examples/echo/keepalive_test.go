package main

import (
	"net"
	"testing"
	"time"
)

func TestParseKeepAlive(t *testing.T) {
	const s = time.Second
	good := map[string]net.KeepAliveConfig{
		"off":           {Enable: false, Idle: -1},
		"on":            {Enable: true, Idle: -1, Interval: -1, Count: -1},
		"2s:2s:8":       {Enable: true, Idle: 2 * s, Interval: 2 * s, Count: 8},
		"30m::10":       {Enable: true, Idle: 1800 * s, Interval: -1, Count: 10},
		"1m30s:5s:":     {Enable: true, Idle: 90 * s, Interval: 5 * s, Count: -1},
		"::1":           {Enable: true, Idle: -1, Interval: -1, Count: 1},
		"60:7:127":      {Enable: true, Idle: 60 * s, Interval: 7 * s, Count: 127},
		":9h:":          {Enable: true, Idle: -1, Interval: 32400 * s, Count: -1},
		"1500ms:1s:002": {Enable: true, Idle: 1500 * time.Millisecond, Interval: s, Count: 2},
	}
	for in, want := range good {
		got, err := parseKeepAlive(in)
		if err != nil || got != want {
			t.Errorf("parseKeepAlive(%q) = %+v, %v, want %+v", in, got, err, want)
		}
	}
	bad := []string{
		"", "On", "yes", "::", ":", "2s", "2s:2s", "2s:2s:8:", " 2s:2s:8",
		"0:2s:8", "2s:0s:8", "2s:2s:0", "-1s:2s:8", "2s:-2:8", "2s:2s:-8",
		"999ms::", "9h1s::", "99999999999999999999::", "10000000000000::", "::128", "::1.5", "x::", ":x:", "::x",
	}
	for _, in := range bad {
		if got, err := parseKeepAlive(in); err == nil {
			t.Errorf("parseKeepAlive(%q) = %+v, want an error", in, got)
		}
	}
}
