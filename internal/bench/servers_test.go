package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/servers"
)

// TestServers has every server do every kind of work, with every payload byte checked.
func TestServers(t *testing.T) {
	more := []string{
		"echo/size=125/conns=9/inflight=16/kind=text", "echo/size=65536/conns=3/inflight=2/kind=nonascii",
		"echo/size=1048576/conns=2/inflight=3/kind=text", "handshake/conns=9",
		"deflate/size=1024/conns=9/inflight=3/takeover=off", "deflate/size=65536/conns=9/inflight=3/takeover=off",
		"deflate/size=1024/conns=9/inflight=3/takeover=on", "deflate/size=65536/conns=9/inflight=3/takeover=on",
	}
	cases := small(cases())
	for _, name := range more {
		c, err := parseCase(name)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	for _, c := range cases {
		for _, lib := range servers.Libraries {
			if lib.Has(c.Name) || c.Kind == "echo" {
				t.Run(c.Name+"/"+lib.Name, func(t *testing.T) {
					t.Parallel()
					testServer(t, lib, c, 0)
				})
			}
		}
	}
}

// small returns the cases of the kinds that only a few cases are of, with fewer connections and messages.
func small(all []Case) (some []Case) {
	for _, c := range all {
		switch c.Kind {
		case "broadcast", "stalled", "burst", "push":
			c.Conns, c.Replies, c.Stalled = min(c.Conns, 9), min(c.Replies, 100*max(c.Senders, 1)), min(c.Stalled, 1)
			some = append(some, c)
		}
	}
	return some
}

// TestServersStalled goes on for long enough that a peer that does not read has filled its buffers.
func TestServersStalled(t *testing.T) {
	c, err := parseCase("stalled/size=65536/conns=5/stalled=2")
	if err != nil {
		t.Fatal(err)
	}
	for _, lib := range servers.Libraries {
		if lib.Has(c.Name) {
			t.Run(lib.Name, func(t *testing.T) {
				t.Parallel()
				result := testServer(t, lib, c, 500*time.Millisecond)
				if want := result.Rounds * 3; result.Messages != want {
					t.Errorf("%d messages, want %d", result.Messages, want)
				}
			})
		}
	}
}

// TestServersHeartbeat has silent connections for so long that each has a Ping.
func TestServersHeartbeat(t *testing.T) {
	c, err := parseCase("heartbeat/conns=9")
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, lib := range servers.Libraries {
		if lib.Has(c.Name) {
			ran++
			t.Run(lib.Name, func(t *testing.T) {
				t.Parallel()
				testServer(t, lib, c, 2*load.Beat)
			})
		}
	}
	if ran != 3 {
		t.Errorf("%d libraries have run", ran)
	}
}

// testServer runs one round, whose server is this test's program.
func testServer(t *testing.T, lib servers.Library, c Case, run time.Duration) load.Result {
	server, err := entrant{Library: lib, program: os.Args[0]}.start(c.Spec, cores())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.stop(); err != nil {
			t.Error(err)
		}
	})
	r := &round{Case: c, server: server}
	defer r.close()
	if r.open(&r.Spec, 0); r.err != nil {
		t.Fatal(r.err)
	}
	result, err := r.load.Traffic(run, false)
	if err != nil {
		t.Fatal(err)
	}
	if want := (c.Conns - c.Stalled) * c.InFlight * max(c.Replies, 1); result.Messages < want || result.P50 == 0 {
		t.Errorf("%+v, want at least %d messages", result, want)
	}
	return result
}

// TestMain is a server if start says so.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "server" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestUnknownLibrary has the server say what is wrong.
func TestUnknownLibrary(t *testing.T) {
	for _, args := range [][]string{{"nows", "{}"}, {"resty", "{"}} {
		out, err := exec.Command(os.Args[0], append([]string{"server"}, args...)...).CombinedOutput()
		if err == nil || !strings.HasPrefix(string(out), "bench: ") {
			t.Errorf("%q: %v, %q", args, err, out)
		}
	}
}
