package main

import (
	"encoding/json"
	"fmt"
	"io"
	"testing"
	"time"

	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/servers"
)

// TestServers has every server do every kind of work, with every payload byte checked.
func TestServers(t *testing.T) {
	for _, c := range append(small(cases()),
		Case{Kind: echo, Size: 125, Conns: 9, InFlight: 16, Payload: load.Text},
		Case{Kind: echo, Size: 64 << 10, Conns: 3, InFlight: 2, Payload: load.NonASCII},
		Case{Kind: echo, Size: 1 << 20, Conns: 2, InFlight: 3, Payload: load.Binary},
		Case{Kind: handshake, Conns: 9},
	) {
		for _, lib := range servers.Libraries {
			if c.runs(lib.Name) || c.Kind == echo {
				t.Run(c.String()+"/"+lib.Name, func(t *testing.T) {
					t.Parallel()
					testServer(t, lib, c, 0, 0)
				})
			}
		}
	}
}

// small returns the cases of the kinds that only a few cases are of, with fewer connections and messages.
func small(all []Case) (some []Case) {
	for _, c := range all {
		switch c.Kind {
		case broadcast, stalled, burst, push, slow:
			c.Conns, c.Replies, c.Stalled = min(c.Conns, 9), min(c.Replies, 100*max(c.Senders, 1)), min(c.Stalled, 1)
			some = append(some, c)
		}
	}
	return some
}

// TestServersStalled goes on for long enough that a peer that does not read has filled its buffers.
func TestServersStalled(t *testing.T) {
	for _, lib := range servers.Libraries {
		c := stalledCase(2)
		c.Conns = 5
		if c.runs(lib.Name) {
			t.Run(lib.Name, func(t *testing.T) {
				t.Parallel()
				result := testServer(t, lib, c, 0, 500*time.Millisecond)
				if want := result.Rounds * 3; result.Messages != want {
					t.Errorf("%d messages, want %d", result.Messages, want)
				}
			})
		}
	}
}

// TestServersSlow has the first answer leave while the second waits.
func TestServersSlow(t *testing.T) {
	for _, lib := range servers.Libraries {
		c := Case{Kind: slow, Size: 125, Conns: 1, InFlight: 2, Payload: load.Text}
		if c.runs(lib.Name) {
			t.Run(lib.Name, func(t *testing.T) {
				t.Parallel()
				result := testServer(t, lib, c, 0, 0)
				if result.Messages != 1 || result.Elapsed < slowPause || result.P50 >= slowPause {
					t.Errorf("%+v, want one first answer well before the second", result)
				}
			})
		}
	}
}

// TestServersCompress is the same with compression, where there is any.
func TestServersCompress(t *testing.T) {
	for _, lib := range servers.Libraries {
		for _, d := range lib.Deflates {
			t.Run(fmt.Sprintf("%s/takeover=%s", lib.Name, d), func(t *testing.T) {
				for _, size := range []int{1 << 10, 64 << 10} {
					c := Case{Kind: deflate, Size: size, Conns: 9, InFlight: 3, Payload: load.JSON, Deflate: d}
					testServer(t, lib, c, 100*time.Millisecond, 0)
				}
			})
		}
	}
}

// testServer runs one round, with server and load in this process.
func testServer(t *testing.T, lib servers.Library, c Case, warm, run time.Duration) load.Result {
	serverIn, serverOut := pipes(t, func(r io.Reader, w io.Writer) error { return servers.Serve(lib, c.job(), r, w) })
	loadIn, loadOut := pipes(t, load.Serve)
	r := &round{
		Case: c, warm: warm, run: run,
		server: &process{in: serverIn, replies: serverOut},
		load:   &process{in: loadIn, replies: loadOut},
	}
	var stats servers.Stats
	if err := r.server.reply(&stats); err != nil {
		t.Fatal(err)
	}
	r.addr = stats.Addr
	if err := r.open(r.spec()); err != nil {
		t.Fatal(err)
	}
	result, err := r.command(load.Command{Do: "run"})
	if err != nil {
		t.Fatal(err)
	}
	if want := (c.Conns - c.Stalled) * max(c.InFlight, 1) * max(c.Replies, 1); c.Kind != slow && result.Messages < want || result.P50 == 0 {
		t.Errorf("%+v, want at least %d messages", result, want)
	}
	if _, err := r.command(load.Command{Do: "close"}); err != nil {
		t.Error(err)
	}
	return result
}

// pipes runs serve as a process would run it, until the test ends.
func pipes(t *testing.T, serve func(io.Reader, io.Writer) error) (io.WriteCloser, *json.Decoder) {
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := serve(inR, outW)
		outW.CloseWithError(io.EOF)
		done <- err
	}()
	t.Cleanup(func() {
		inW.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return inW, json.NewDecoder(outR)
}
