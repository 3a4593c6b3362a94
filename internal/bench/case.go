package main

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/servers"
)

// A Case is one row of the report: the same traffic for every library.
type Case struct {
	Name  string // as in cases.txt; -run matches against it
	Marks string
	load.Spec
	Senders int // of the replies; 0: the receiver of the message
	Cores   int // of the server
}

// The kinds of traffic are
//
//	echo          messages come back
//	idle          one echo on each connection, then silence
//	growth        echo, as connections and cores grow
//	broadcast     one connection's messages to all; each=10 sends each of them ten times
//	stalled       the same with some connections that stop reading
//	burst         several goroutines send on one connection as fast as they may
//	push          the receiver of a message answers with many, in a loop
//	handshake     connect, upgrade, reset, 50,000 times at least
//	heartbeat     silent connections, each of which has a Ping a second
//	deflate       echo of compressed messages
//	deflate-idle  one such echo on each connection, as large as the window, then silence; also not compressed
//
//go:embed cases.txt
var casesText string

// cases are what a full run measures.
func cases() (all []Case, err error) {
	for line := range strings.Lines(casesText) {
		name, marks, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if name == "" || name[0] == '#' {
			continue
		}
		c, err := parseCase(name)
		if err != nil {
			return nil, err
		}
		c.Marks = strings.TrimSpace(marks)
		all = append(all, c)
	}
	return all, nil
}

// parseCase returns the case of that name.
func parseCase(name string) (Case, error) {
	kind, parts, _ := strings.Cut(name, "/")
	spec := load.Spec{Kind: load.Kind(kind), Size: 125, Conns: 1, InFlight: 1, Payload: load.Text}
	c := Case{Name: name, Cores: 1, Spec: spec}
	switch kind {
	case "echo", "idle", "growth", "push", "broadcast", "stalled", "heartbeat":
	case "burst":
		c.Replies = 32_000
	case "handshake":
		c.Total = 50_000
	case "deflate":
		c.Conns = 10
	case "deflate-idle":
		c.Size = 32 << 10
	default:
		return c, fmt.Errorf("case %s: no kind %q", name, kind)
	}
	numbers := map[string]*int{
		"size": &c.Size, "conns": &c.Conns, "inflight": &c.InFlight, "stalled": &c.Stalled, "messages": &c.Replies,
		"each": &c.Replies, "senders": &c.Senders, "cores": &c.Cores,
	}
	for part := range strings.SplitSeq(parts, "/") {
		key, value, _ := strings.Cut(part, "=")
		n, err := strconv.Atoi(value)
		switch number := numbers[key]; {
		case number != nil && err == nil:
			*number = n
		case key == "kind":
			c.Payload = load.Payload(value)
		case key == "takeover":
			if c.Payload = load.JSON; value != "none" {
				c.Deflate = load.Deflate(value)
			}
		default:
			return c, fmt.Errorf("case %s: %q says nothing", name, part)
		}
	}
	return c, nil
}

// rounds is how many rounds each library has.
func (c Case) rounds() int {
	if strings.Contains(c.Marks, "closest") {
		return 3 * *rounds
	}
	return *rounds
}

// runs reports whether the case says something about the library. With takeover, coder holds more than a megabyte a
// connection, which a few connections show as well as many.
func (c Case) runs(lib servers.Library) bool {
	switch {
	case strings.HasSuffix(lib.Name, "-before"):
		return strings.Contains(c.Marks, "race")
	case lib.Kinds != nil && !slices.Contains(lib.Kinds, c.Kind):
		return false
	case c.Kind == "heartbeat":
		return lib.Kinds != nil
	case c.Kind == "stalled":
		return lib.Queues
	case c.Deflate != load.Plain:
		return slices.Contains(lib.Deflates, c.Deflate) &&
			(lib.Name != "coder" || c.Deflate != load.Takeover || c.Kind == "deflate" || c.Conns <= 500)
	default:
		return c.Payload != load.JSON || lib.Deflates != nil
	}
}

// job is the server's part of the case.
func (c Case) job() *servers.Job {
	job := &servers.Job{
		Broadcast: c.Kind == load.Broadcast || c.Kind == load.Stalled, Stalled: c.Kind == load.Stalled,
		Replies: c.Replies, Senders: c.Senders, Deflate: c.Deflate,
	}
	if c.Kind == load.Heartbeat {
		job.Heartbeat = heartbeat
	}
	return job
}

// heartbeat is the time between two Pings of a connection.
const heartbeat = time.Second
