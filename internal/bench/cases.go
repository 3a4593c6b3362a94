package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/servers"
)

// A Case is one row of the report: the same traffic for every library.
type Case struct {
	Kind     kind
	Size     int // bytes of payload
	Conns    int
	InFlight int
	Payload  load.Payload
	Deflate  load.Deflate
	Cores    int // of the server
}

type kind string

const (
	echo      kind = "echo"
	idle      kind = "idle"      // one echo on each connection, then silence
	broadcast kind = "broadcast" // one connection's messages to all
	handshake kind = "handshake" // connect, upgrade, reset
	growth    kind = "growth"    // echo at one size, as connections and cores grow

	deflate     kind = "deflate"      // echo of compressed messages
	deflateIdle kind = "deflate-idle" // one such echo on each connection, then silence; with load.Plain, not compressed
)

// String names the case; -run matches against it.
func (c Case) String() string {
	switch c.Kind {
	case idle, handshake:
		return fmt.Sprintf("%s/conns=%d", c.Kind, c.Conns)
	case broadcast:
		return fmt.Sprintf("broadcast/size=%d/conns=%d", c.Size, c.Conns)
	case growth:
		return fmt.Sprintf("growth/conns=%d/cores=%d", c.Conns, c.Cores)
	case deflate:
		return fmt.Sprintf("deflate/size=%d/takeover=%s", c.Size, c.Deflate)
	case deflateIdle:
		return fmt.Sprintf("deflate-idle/conns=%d/takeover=%s", c.Conns, cmp.Or(c.Deflate, "none"))
	default:
		return fmt.Sprintf("echo/size=%d/conns=%d/inflight=%d/kind=%s", c.Size, c.Conns, c.InFlight, c.Payload)
	}
}

// runs reports whether the case says something about the library: some ways of serving are about one kind of case alone.
func (c Case) runs(lib string) bool {
	if c.Kind == deflate || c.Kind == deflateIdle {
		return c.compresses(lib)
	}
	switch lib {
	case "resty-before":
		return slices.Contains(races, c)
	case "resty-new", "resty-stay", "gobwas-lean":
		return c.Kind == idle
	case "gorilla-tuned":
		return c.Kind != growth
	default:
		return true
	}
}

// compresses is runs for the cases with compression. With takeover, coder holds more than a megabyte a connection, which
// a few connections show as well as many.
func (c Case) compresses(name string) bool {
	if name == "coder" && c.Deflate == load.Takeover && c.Conns > fewIdle {
		return false
	}
	lib, _ := servers.Find(name)
	return slices.Contains(lib.Deflates, c.Deflate) || c.Deflate == load.Plain && lib.Deflates != nil
}

// closest are the echoes in which the libraries are so near one another, and a target so near to them, that it takes
// many rounds to tell them apart. Those of compressed messages are all of that kind.
var closest = []Case{
	echoCase(125, 100, 1, load.Text),
	echoCase(125, 100, 16, load.Text),
	echoCase(125, 1000, 1, load.Text),
	echoCase(16<<10, 100, 1, load.Text),
	echoCase(1<<20, 10, 1, load.Text),
}

// races are those of the closest in which this version also races an earlier one.
var races = []Case{
	echoCase(125, 100, 1, load.Text),
	echoCase(125, 1000, 1, load.Text),
}

// rounds is how many rounds each library has.
func (c Case) rounds() int {
	if c.Kind == deflate || slices.Contains(closest, c) {
		return 3 * *rounds
	}
	return *rounds
}

func echoCase(size, conns, inFlight int, payload load.Payload) Case {
	return Case{Kind: echo, Size: size, Conns: conns, InFlight: inFlight, Payload: payload, Cores: 1}
}

// fewIdle is how many idle connections any library can afford. So many that what the process holds for all of them
// together matters little is manyIdle.
const fewIdle, manyIdle = 500, 5_000

// deflateIdleCase has a message on each connection that is as large as the window, and fills it.
func deflateIdleCase(conns int, d load.Deflate) Case {
	return Case{Kind: deflateIdle, Size: 32 << 10, Conns: conns, InFlight: 1, Payload: load.JSON, Deflate: d, Cores: 1}
}

// cases are what a full run measures, in the report's order.
func cases() []Case {
	all := []Case{
		echoCase(16, 100, 1, load.Text),
		echoCase(16, 100, 16, load.Text),
		echoCase(125, 1, 1, load.Text),
		echoCase(125, 1, 16, load.Text),
		echoCase(125, 100, 1, load.Text),
		echoCase(125, 100, 1, load.Binary),
		echoCase(125, 100, 16, load.Text),
		echoCase(125, 100, 16, load.NonASCII),
		echoCase(125, 100, 16, load.Binary),
		echoCase(125, 1000, 1, load.Text),
		echoCase(125, 1000, 16, load.Text),
		echoCase(1<<10, 100, 1, load.Text),
		echoCase(1<<10, 100, 16, load.Text),
		echoCase(1<<10, 1000, 1, load.Text),
		echoCase(16<<10, 100, 1, load.Text),
		echoCase(16<<10, 100, 1, load.NonASCII),
		echoCase(16<<10, 100, 1, load.Binary),
		echoCase(16<<10, 100, 16, load.Text),
		echoCase(64<<10, 10, 1, load.Text),
		echoCase(1<<20, 1, 1, load.Text),
		echoCase(1<<20, 10, 1, load.Text),
		echoCase(1<<20, 10, 1, load.NonASCII),
		echoCase(1<<20, 10, 1, load.Binary),
		{Kind: idle, Size: 125, Conns: 10_000, InFlight: 1, Payload: load.Text, Cores: 1},
		{Kind: broadcast, Size: 1 << 10, Conns: 5_000, InFlight: 1, Payload: load.Text, Cores: 1},
		{Kind: handshake, Conns: 64, Cores: 1},
	}
	for _, d := range []load.Deflate{load.NoTakeover, load.Takeover} {
		for _, size := range []int{1 << 10, 64 << 10} {
			all = append(all, Case{Kind: deflate, Size: size, Conns: 10, InFlight: 1, Payload: load.JSON, Deflate: d, Cores: 1})
		}
		all = append(all, deflateIdleCase(fewIdle, d), deflateIdleCase(manyIdle, d))
	}
	all = append(all, deflateIdleCase(manyIdle, load.Plain))
	for _, cores := range []int{1, 2} {
		for _, conns := range []int{10, 100, 1_000, 10_000} {
			all = append(all, Case{
				Kind: growth, Size: 125, Conns: conns, InFlight: 1, Payload: load.Text, Cores: cores,
			})
		}
	}
	return all
}

// choose returns the cases whose names match.
func choose(all []Case, match *regexp.Regexp) (chosen []Case) {
	for _, c := range all {
		if match.MatchString(c.String()) {
			chosen = append(chosen, c)
		}
	}
	return chosen
}
