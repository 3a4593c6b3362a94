package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/servers"
)

// A round is one case with one library: a fresh server and fresh connections. After an error nothing more is done.
type round struct {
	Case
	server   *process
	load     *load.Load
	err      error
	messages int
	values   string // with their units, as in the output of a Go benchmark
}

// measure runs one round on some cores and returns what it came to as the output of a Go benchmark.
func measure(c Case, e entrant, on []string) (string, error) {
	server, err := e.start(c.Spec, on[:min(c.Cores, len(on))])
	if err != nil {
		return "", err
	}
	r := &round{Case: c, server: server, messages: 1}
	r.run()
	r.close()
	return fmt.Sprintf("Benchmark%s/lib=%s %d%s\n", c.Name, e.Name, r.messages, r.values), errors.Join(r.err, server.stop())
}

// rest is how long connections with context takeover are idle before their memory is measured: compressors of those in
// use may be kept for a while.
const rest = 11 * time.Second

// run does what the case measures. The memory of connections is compared with that of a server that a few have already
// come to and left, and the growth of memory with the start of the span.
func (r *round) run() {
	switch {
	case strings.HasSuffix(string(r.Kind), "idle"):
		few := r.Spec
		few.Conns = min(few.Conns, 64)
		r.open(&few, 0)
		r.close()
		before := r.stats("settle")
		r.open(&r.Spec, 0) // one flight
		if r.Deflate == load.Takeover {
			<-time.After(rest)
		}
		r.add(float64(r.stats("settle").RSS-before.RSS)/float64(r.Conns), "resident-B")
	case r.Kind == load.Stalled, r.Kind == load.Handshake:
		r.open(&r.Spec, *warm)
		before := r.stats("settle")
		r.traffic()
		r.add(float64(r.stats("settle").RSS-before.RSS), "grown-B")
	case r.Kind == load.Heartbeat:
		r.open(&r.Spec, *warm+2*load.Beat) // until all have begun
		r.traffic()
	default:
		r.open(&r.Spec, *warm)
		r.traffic()
	}
}

// open opens the connections and sends the first, checked flights.
func (r *round) open(spec *load.Spec, warm time.Duration) {
	if r.err == nil {
		r.load, r.err = load.Open(r.server.addr, spec)
	}
	for r.Broadcasts() && r.stats("stats").Members < r.Conns && r.err == nil {
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
func (r *round) traffic() {
	before := r.stats("stats")
	var result load.Result
	if r.err == nil {
		result, r.err = r.load.Traffic(*span, false)
	}
	after := r.stats("stats")
	r.messages = result.Messages
	n := float64(r.messages)
	r.add(n/result.Elapsed.Seconds(), "messages/s")
	r.add(micros(after.CPU-before.CPU)/n, "cpu-µs")
	r.add(micros(result.P50), "p50-µs")
	r.add(micros(result.P99), "p99-µs")
	r.add(float64(after.Mallocs-before.Mallocs)/n, "allocs/op")
	r.add(float64(after.Bytes-before.Bytes)/n, "B/op")
	if r.Broadcasts() {
		r.add(micros(result.Round), "round-µs")
	}
}

func (r *round) add(v float64, unit string) { r.values += fmt.Sprintf(" %v %s", v, unit) }

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
