package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/report"
	"resty.websocket/internal/bench/servers"
)

// A round is one case with one library: a fresh server and a fresh load.
type round struct {
	Case
	warm, run    time.Duration
	server, load *process
	addr         string
}

// measure runs one round.
func measure(c Case, lib entrant, warm, run time.Duration) (_ report.Sample, err error) {
	r := &round{Case: c, warm: warm, run: run}
	if err := r.start(lib); err != nil {
		return report.Sample{}, err
	}
	defer func() { err = errors.Join(err, r.stop()) }()
	switch c.Kind {
	case idle, deflateIdle, growth:
		return r.memory()
	case stalled:
		return r.grown()
	default:
		if err := r.open(r.spec()); err != nil {
			return report.Sample{}, err
		}
		return r.traffic()
	}
}

func (r *round) start(lib entrant) error {
	serverCores, loadCore := split(cores(), r.Cores)
	job := r.job()
	job.Profile = r.profile(lib.Name)
	line, err := json.Marshal(job)
	if err != nil {
		return err
	}
	if r.server, err = start(lib.program, serverCores, "server", lib.as, string(line)); err != nil {
		return err
	}
	if r.load, err = start("", loadCore, "load"); err != nil {
		return errors.Join(err, r.server.stop())
	}
	var stats servers.Stats
	if err := r.server.reply(&stats); err != nil {
		return errors.Join(err, r.stop())
	}
	r.addr = stats.Addr
	return nil
}

// profile is where the server's profiles go.
func (r *round) profile(lib string) string {
	if *profiles == "" {
		return ""
	}
	return filepath.Join(*profiles, strings.ReplaceAll(r.String(), "/", "_")+"_"+lib)
}

func (r *round) stop() error {
	return errors.Join(r.load.stop(), r.server.stop())
}

// spec is the load's part.
func (r *round) spec() *load.Spec {
	works := map[kind]load.Work{
		broadcast: load.Broadcast, stalled: load.Broadcast, handshake: load.Handshake, slow: load.Slow,
	}
	return &load.Spec{
		Addr: r.addr, Conns: r.Conns, Size: r.Size, InFlight: r.InFlight, Replies: r.Replies, Stalled: r.Stalled,
		Payload: r.Payload, Deflate: r.Deflate, Work: cmp.Or(works[r.Kind], load.Echo), Warm: r.warm, Run: r.run,
	}
}

// open opens the connections and sends the first, checked flights.
func (r *round) open(spec *load.Spec) error {
	if _, err := r.command(load.Command{Do: "open", Spec: spec}); err != nil {
		return err
	}
	if err := r.joined(); err != nil {
		return err
	}
	_, err := r.command(load.Command{Do: "warm"})
	return err
}

// joined waits until a broadcast will reach every connection.
func (r *round) joined() error {
	for r.broadcasts() {
		stats, err := r.stats("stats")
		if err != nil || stats.Members == int64(r.Conns) {
			return err
		}
		<-time.After(10 * time.Millisecond)
	}
	return nil
}

// traffic measures a span of it.
func (r *round) traffic() (report.Sample, error) {
	before, err := r.stats("stats")
	if err != nil {
		return report.Sample{}, err
	}
	result, err := r.command(load.Command{Do: "run"})
	if err != nil {
		return report.Sample{}, err
	}
	after, err := r.stats("stats")
	if err != nil {
		return report.Sample{}, err
	}
	n := float64(result.Messages)
	sample := report.Sample{
		PerSecond: n / result.Elapsed.Seconds(),
		CPU:       micros(after.CPU-before.CPU) / n,
		P50:       micros(result.P50),
		P99:       micros(result.P99),
		Allocs:    float64(after.Mallocs-before.Mallocs) / n,
		Bytes:     float64(after.Bytes-before.Bytes) / n,
	}
	if result.Rounds > 0 {
		sample.Round = micros(result.Elapsed) / float64(result.Rounds)
		sample.Longest = micros(result.Longest)
	}
	return sample, nil
}

// grown measures traffic, and by how much the server's memory has grown with it.
func (r *round) grown() (sample report.Sample, err error) {
	if err := r.open(r.spec()); err != nil {
		return sample, err
	}
	before, err := r.stats("settle")
	if err != nil {
		return sample, err
	}
	if sample, err = r.traffic(); err != nil {
		return sample, err
	}
	after, err := r.stats("settle")
	sample.Grown = float64(after.RSS - before.RSS)
	return sample, err
}

// rest is how long connections with context takeover are idle before their memory is measured: compressors of those in
// use may be kept for a while.
const rest = 11 * time.Second

// memory measures what the connections hold once they are idle; under growth, after a span of traffic. The comparison is
// with a server that a few connections have already come to and left.
func (r *round) memory() (sample report.Sample, err error) {
	few := r.spec()
	few.Conns, few.Warm = min(few.Conns, 64), 0
	if err := r.open(few); err != nil {
		return sample, err
	}
	if _, err := r.command(load.Command{Do: "close"}); err != nil {
		return sample, err
	}
	before, err := r.stats("settle")
	if err != nil {
		return sample, err
	}
	all := r.spec()
	if r.Kind != growth {
		all.Warm = 0
	}
	if err := r.open(all); err != nil {
		return sample, err
	}
	if r.Kind == growth {
		if sample, err = r.traffic(); err != nil {
			return sample, err
		}
	}
	if r.Deflate == load.Takeover {
		<-time.After(rest)
	}
	after, err := r.stats("settle")
	sample.Resident = float64(after.RSS-before.RSS) / float64(r.Conns)
	return sample, err
}

// stats asks the server what it has used.
func (r *round) stats(line string) (stats servers.Stats, err error) {
	if _, err := io.WriteString(r.server.in, line+"\n"); err != nil {
		return stats, err
	}
	err = r.server.reply(&stats)
	return stats, err
}

// command has the load do something.
func (r *round) command(c load.Command) (load.Result, error) {
	if err := json.NewEncoder(r.load.in).Encode(c); err != nil {
		return load.Result{}, err
	}
	var reply load.Reply
	if err := r.load.reply(&reply); err != nil {
		return load.Result{}, err
	}
	if reply.Err != "" {
		return load.Result{}, fmt.Errorf("%s: %s", c.Do, reply.Err)
	}
	return reply.Result, nil
}

func micros(d time.Duration) float64 {
	return float64(d) / float64(time.Microsecond)
}
