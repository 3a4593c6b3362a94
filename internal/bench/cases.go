package main

import (
	"regexp"
	"slices"

	"resty.websocket/internal/bench/load"
)

// closest are the echoes in which the libraries are so near one another, and a target so near to them, that it takes
// many rounds to tell them apart. Echoes of compressed messages are all of that kind.
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

// burstCase has as many messages a round as make the start of its goroutines cheap.
func burstCase(senders int) Case {
	return Case{Kind: burst, Size: 125, Conns: 1, InFlight: 1, Replies: 32_000, Senders: senders, Payload: load.Text, Cores: 1}
}

func broadcastCase(size, inFlight, replies int, payload load.Payload, d load.Deflate) Case {
	return Case{
		Kind: broadcast, Size: size, Conns: 5_000, InFlight: inFlight, Replies: replies, Payload: payload, Deflate: d, Cores: 1,
	}
}

// stalledCase has messages so large that those who do not read have more waiting for them, within a second or so, than
// the least of the servers' limits.
func stalledCase(n int) Case {
	return Case{Kind: stalled, Size: 16 << 10, Conns: 1_000, InFlight: 1, Stalled: n, Payload: load.Text, Cores: 1}
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
		burstCase(1),
		burstCase(64),
		{Kind: push, Size: 200, Conns: 1, InFlight: 1, Replies: 1_000, Payload: load.Text, Cores: 1},
		{Kind: slow, Size: 125, Conns: 1, InFlight: 2, Payload: load.Text, Cores: 1},
		broadcastCase(1<<10, 1, 0, load.Text, load.Plain),
		broadcastCase(100, 10, 0, load.Text, load.Plain),
		broadcastCase(100, 1, 10, load.Text, load.Plain),
		broadcastCase(1<<10, 1, 0, load.JSON, load.NoTakeover),
		broadcastCase(1<<10, 1, 0, load.JSON, load.Takeover),
		stalledCase(0),
		stalledCase(10),
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
