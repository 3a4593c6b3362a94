package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Verdict says how a measurement compares with what the library promises.
type Verdict struct {
	Case, Target, Measured, Verdict string
}

// A target is one promise: what is measured of this library, divided by the same of each rival, is at most the rival's
// bound. Without rivals the bound is on the value itself.
type target struct {
	name   string
	value  func(*Results, string) float64 // of a library; NaN where it was not measured
	ours   string
	unit   string // of a bound without a rival
	bounds []bound
	below  bool // the bound itself misses
	either bool // one bound of several is enough
}

type bound struct {
	rival string
	limit float64
}

var peers = []string{"gorilla", "gorilla-tuned", "coder", "gobwas", "gws"}

// each is the same bound on every peer.
func each(limit float64) []bound { return onlyOf(limit, peers...) }

// onlyOf is the same bound on some peers.
func onlyOf(limit float64, peers ...string) (all []bound) {
	for _, peer := range peers {
		all = append(all, bound{peer, limit})
	}
	return all
}

// compressedToPlain is what an idle connection with compression holds, divided by one without.
func compressedToPlain(r *Results, lib string) float64 {
	return median("deflate-idle/conns=5000/takeover=off", Resident)(r, lib) / median("deflate-idle/conns=5000/takeover=none", Resident)(r, lib)
}

// median reads a metric's median in a case.
func median(name string, metric Metric) func(*Results, string) float64 {
	return func(r *Results, lib string) float64 {
		c, ok := r.Case(name)
		if !ok {
			return math.NaN()
		}
		return c.Spread(lib, metric).Median
	}
}

// mostAllocs is the most of any text echo that runs in steady state with messages of up to 64 KiB.
func mostAllocs(r *Results, lib string) float64 {
	most := math.NaN()
	for _, c := range r.Cases {
		var size, conns, inFlight int
		n, _ := fmt.Sscanf(c.Name, "echo/size=%d/conns=%d/inflight=%d/", &size, &conns, &inFlight)
		if n != 3 || size > 64<<10 || strings.HasSuffix(c.Name, "binary") {
			continue
		}
		if v := c.Spread(lib, Allocs).Median; math.IsNaN(most) || v > most {
			most = v
		}
	}
	return most
}

// nanos is a micro-benchmark's time in a build; name has a verb for the library.
func nanos(build, name string) func(*Results, string) float64 {
	return func(r *Results, lib string) float64 {
		m, ok := r.micro(build, fmt.Sprintf(name, lib))
		if !ok {
			return math.NaN()
		}
		return m.NsPer
	}
}

// allocated is a micro-benchmark's bytes in the default build; name has a verb for the library.
func allocated(name string) func(*Results, string) float64 {
	return func(r *Results, lib string) float64 {
		m, ok := r.micro("default", fmt.Sprintf(name, lib))
		if !ok {
			return math.NaN()
		}
		return m.Bytes
	}
}

// targets are the promises in the order in which they were made, up to those of sendTargets.
var targets = []target{
	{
		name:  "CPU, 100 connections, 16 in flight, 125 B",
		value: median("echo/size=125/conns=100/inflight=16/kind=text", CPU), ours: "resty", bounds: each(0.125),
	}, {
		name:  "CPU, 100 connections, 1 in flight, 125 B",
		value: median("echo/size=125/conns=100/inflight=1/kind=text", CPU), ours: "resty", bounds: each(1),
	}, {
		name:  "CPU, 1,000 connections, 1 in flight, 125 B",
		value: median("echo/size=125/conns=1000/inflight=1/kind=text", CPU), ours: "resty", bounds: each(1), below: true,
	}, {
		name:  "CPU, 100 connections, 16 KiB",
		value: median("echo/size=16384/conns=100/inflight=1/kind=text", CPU), ours: "resty",
		bounds: []bound{{"gobwas", 0.85}, {"gws", 0.8}, {"gorilla", 0.33}},
	}, {
		name:  "CPU, 10 connections, 1 MiB",
		value: median("echo/size=1048576/conns=10/inflight=1/kind=text", CPU), ours: "resty", bounds: each(0.95),
	}, {
		name:  "resident bytes, 10,000 idle connections, Handler",
		value: median("idle/conns=10000", Resident), ours: "resty", unit: " bytes",
		bounds: []bound{{"", 4600}, {"gorilla", 0.3}, {"gws", 0.45}},
	}, {
		name:  "resident bytes, 10,000 idle connections, New",
		value: median("idle/conns=10000", Resident), ours: "resty-new", unit: " bytes",
		bounds: []bound{{"", 6000}},
	}, {
		name:  "allocations per echoed text up to 64 KiB",
		value: mostAllocs, ours: "resty", bounds: []bound{{"", 0.01}},
	}, {
		name:  "CPU, compressed, without takeover, 1 KiB",
		value: median("deflate/size=1024/takeover=off", CPU), ours: "resty", bounds: onlyOf(1, "gorilla", "gorilla-tuned", "coder", "gws"),
	}, {
		name:  "CPU, compressed, without takeover, 64 KiB",
		value: median("deflate/size=65536/takeover=off", CPU), ours: "resty", bounds: onlyOf(1, "gorilla", "gorilla-tuned", "coder", "gws"),
	}, {
		name:  "CPU, compressed, with takeover, 1 KiB",
		value: median("deflate/size=1024/takeover=on", CPU), ours: "resty", bounds: onlyOf(1, "coder", "gws"),
	}, {
		name:  "CPU, compressed, with takeover, 64 KiB",
		value: median("deflate/size=65536/takeover=on", CPU), ours: "resty", bounds: onlyOf(1, "coder", "gws"),
	}, {
		name:  "allocations per compressed message of 1 KiB, without takeover",
		value: median("deflate/size=1024/takeover=off", Allocs), ours: "resty", bounds: []bound{{"", 0.01}},
	}, {
		name:  "allocations per compressed message of 64 KiB, without takeover",
		value: median("deflate/size=65536/takeover=off", Allocs), ours: "resty", bounds: []bound{{"", 0.01}},
	}, {
		name:  "resident bytes, 500 idle connections with takeover",
		value: median("deflate-idle/conns=500/takeover=on", Resident), ours: "resty", bounds: onlyOf(0.5, "coder", "gws"),
	}, {
		name:  "resident bytes, 5,000 idle connections with takeover",
		value: median("deflate-idle/conns=5000/takeover=on", Resident), ours: "resty", bounds: onlyOf(0.5, "gws"),
	}, {
		name:  "resident bytes, 5,000 idle connections without takeover, against the same without compression",
		value: compressedToPlain, ours: "resty", bounds: []bound{{"", 1.05}},
	}, {
		name:  "time to mask 4 KiB, default build",
		value: nanos("default", "Mask/lib=%s/size=4096"), ours: "resty", unit: " ns",
		bounds: []bound{{"copy", 1 / 0.3}, {"", 4096 / 15.0}}, either: true, // 0.3 of its speed, or 15 GB/s
	}, {
		name:  "time to mask 4 KiB, simd build",
		value: nanos("simd", "Mask/lib=%s/size=4096"), ours: "resty", bounds: []bound{{"copy", 1 / 0.8}},
	}, {
		name:  "time to validate 64 KiB of text that is not ASCII",
		value: nanos("default", "UTF8/lib=%s/kind=nonascii/size=65536"), ours: "resty", bounds: []bound{{"utf8.Valid", 1 / 1.5}},
	}, {
		name:  "time of a handshake in its handler",
		value: nanos("default", "Handshake/lib=%s/until=returned"), ours: "resty", bounds: []bound{{"gorilla", 1}},
	}, {
		name:  "bytes allocated by a handshake until the 101 is written",
		value: allocated("Handshake/lib=%s/until=written"), ours: "resty", bounds: []bound{{"gorilla", 0.5}},
	}, {
		name:  "bytes allocated by a handshake, with the connection that it returns",
		value: allocated("Handshake/lib=%s/until=returned"), ours: "resty", bounds: []bound{{"gorilla", 0.5}},
	},
}

// Verdicts judges every target.
func (r *Results) Verdicts() (all []Verdict) {
	for _, t := range slices.Concat(targets, sendTargets) {
		all = append(all, t.judge(r))
	}
	return all
}

func (t *target) judge(r *Results) Verdict {
	ours := t.value(r, t.ours)
	var wants, measured []string
	met, missed := 0, 0
	for _, b := range t.bounds {
		got, of := ours, t.unit
		if b.rival != "" {
			got, of = ours/t.value(r, b.rival), " of "+b.rival
		}
		switch {
		case got < b.limit, !t.below && got == b.limit:
			met++
		case !math.IsNaN(got):
			missed++
		}
		wants = append(wants, number(b.limit)+of)
		measured = append(measured, number(got)+of)
	}
	join := ", "
	if t.either {
		join = " or "
	}
	v := Verdict{
		Case:     t.name + " (" + t.ours + ")",
		Target:   "≤ " + strings.Join(wants, join),
		Measured: strings.Join(measured, ", "),
		Verdict:  "not run",
	}
	if t.below {
		v.Target = "< " + strings.Join(wants, join)
	}
	switch {
	case t.either && met > 0, met == len(t.bounds):
		v.Verdict = "met"
	case !t.either && missed > 0, missed == len(t.bounds):
		v.Verdict = "missed"
	}
	return v
}
