package main

import (
	"errors"
	"io"
	"strings"
	"time"

	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/report"
	"resty.websocket/internal/bench/servers"
)

// A round is one case with one library: a fresh server and fresh connections. After an error nothing more is done.
type round struct {
	Case
	server *process
	load   *load.Load
	err    error
}

// measure runs one round on some cores.
func measure(c Case, e entrant, all []int) (report.Sample, error) {
	on, core := split(all, c.Cores)
	if err := bind(core); err != nil {
		return report.Sample{}, err
	}
	server, err := e.start(c, on)
	if err != nil {
		return report.Sample{}, err
	}
	r := &round{Case: c, server: server}
	sample := r.sample()
	r.close()
	return sample, errors.Join(r.err, server.stop())
}

// rest is how long connections with context takeover are idle before their memory is measured: compressors of those in
// use may be kept for a while.
const rest = 11 * time.Second

// sample does what the case measures. The memory of connections is compared with that of a server that a few have already
// come to and left, and the growth of memory with the start of the span.
func (r *round) sample() (sample report.Sample) {
	idle, grows := strings.HasSuffix(string(r.Kind), "idle"), r.Kind == load.Stalled || r.Kind == load.Handshake
	each := idle || r.Kind == "growth"
	var before servers.Stats
	checked := *warm
	switch {
	case idle:
		checked = 0 // one flight
	case r.Kind == load.Heartbeat:
		checked += 2 * heartbeat // until all have begun
	}
	if each {
		few := r.Spec
		few.Conns = min(few.Conns, 64)
		r.open(&few, 0)
		r.close()
		before = r.stats("settle")
	}
	r.open(&r.Spec, checked)
	if grows {
		before = r.stats("settle")
	}
	if !idle {
		sample = r.traffic()
	} else if r.Deflate == load.Takeover {
		<-time.After(rest)
	}
	switch {
	case each:
		sample.Resident = float64(r.stats("settle").RSS-before.RSS) / float64(r.Conns)
	case grows:
		sample.Grown = float64(r.stats("settle").RSS - before.RSS)
	}
	return sample
}

// open opens the connections and sends the first, checked flights.
func (r *round) open(spec *load.Spec, warm time.Duration) {
	if r.err == nil {
		r.load, r.err = load.Open(r.server.addr, spec)
	}
	for r.job().Broadcast && r.stats("stats").Members < r.Conns && r.err == nil {
		<-time.After(10 * time.Millisecond) // until it will reach every connection
	}
	if r.err == nil {
		_, r.err = r.load.Traffic(warm, true)
	}
}

func (r *round) close() {
	if r.load != nil {
		r.load.Close()
		r.load = nil
	}
}

// stats asks the server what it has used, by "stats" or "settle".
func (r *round) stats(line string) (stats servers.Stats) {
	if r.err == nil {
		_, err := io.WriteString(r.server.in, line+"\n")
		r.err = errors.Join(err, r.server.replies.Decode(&stats))
	}
	return stats
}

// traffic measures a span of it.
func (r *round) traffic() report.Sample {
	before := r.stats("stats")
	var result load.Result
	if r.err == nil {
		result, r.err = r.load.Traffic(*span, false)
	}
	after := r.stats("stats")
	n := float64(result.Messages)
	return report.Sample{
		PerSecond: n / result.Elapsed.Seconds(), CPU: micros(after.CPU-before.CPU) / n,
		P50: micros(result.P50), P99: micros(result.P99), Round: micros(result.Round), Longest: micros(result.Longest),
		Allocs: float64(after.Mallocs-before.Mallocs) / n, Bytes: float64(after.Bytes-before.Bytes) / n,
	}
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
