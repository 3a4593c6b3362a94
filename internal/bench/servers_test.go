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
	for _, lib := range servers.Libraries {
		for _, spec := range []load.Spec{
			{Work: load.Echo, Conns: 9, Size: 125, InFlight: 16, Payload: load.Text},
			{Work: load.Echo, Conns: 3, Size: 64 << 10, InFlight: 2, Payload: load.NonASCII},
			{Work: load.Echo, Conns: 2, Size: 1 << 20, InFlight: 3, Payload: load.Binary},
			{Work: load.Broadcast, Conns: 9, Size: 1 << 10, InFlight: 1, Payload: load.Text},
			{Work: load.Handshake, Conns: 9},
		} {
			t.Run(fmt.Sprintf("%s/%s/%d", lib.Name, spec.Work, spec.Size), func(t *testing.T) {
				testServer(t, lib, spec)
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
					testServer(t, lib, load.Spec{
						Work: load.Echo, Conns: 9, Size: size, InFlight: 3, Payload: load.JSON, Deflate: d, Warm: 100 * time.Millisecond,
					})
				}
			})
		}
	}
}

func testServer(t *testing.T, lib servers.Library, spec load.Spec) {
	serverIn, serverOut := pipes(t, func(r io.Reader, w io.Writer) error {
		return servers.Serve(lib, &servers.Job{Broadcast: spec.Work == load.Broadcast, Deflate: spec.Deflate}, r, w)
	})
	loadIn, loadOut := pipes(t, load.Serve)
	r := &round{
		Case:   Case{Kind: kind(spec.Work), Conns: spec.Conns},
		server: &process{in: serverIn, replies: serverOut},
		load:   &process{in: loadIn, replies: loadOut},
	}
	var stats servers.Stats
	if err := r.server.reply(&stats); err != nil {
		t.Fatal(err)
	}
	spec.Addr = stats.Addr
	if err := r.open(&spec); err != nil {
		t.Fatal(err)
	}
	result, err := r.command(load.Command{Do: "run"})
	if err != nil {
		t.Fatal(err)
	}
	if want := spec.Conns * max(spec.InFlight, 1); result.Messages < want || result.P50 == 0 {
		t.Errorf("%+v, want at least %d messages", result, want)
	}
	if _, err := r.command(load.Command{Do: "close"}); err != nil {
		t.Error(err)
	}
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
