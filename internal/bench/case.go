package main

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"resty.websocket/internal/bench/load"
)

// A Case is one row of the report: the same traffic for every library.
type Case struct {
	Name    string // as in cases.txt
	Closest bool   // it takes many rounds
	Cores   int    // of the server
	load.Spec
}

// The kinds of traffic are
//
//	echo          messages come back
//	idle          one echo on each connection, then silence
//	growth        echo, as cores grow
//	broadcast     one connection's messages to all; each=10 sends each of them ten times
//	stalled       the same with some connections that stop reading
//	burst         several goroutines send on one connection as fast as they may
//	push          the receiver of a message answers with many, in a loop
//	handshake     connect, upgrade, reset
//	heartbeat     silent connections, each of which has a Ping a second
//	deflate       echo of compressed messages
//	deflate-idle  one such echo on each connection, then silence; also not compressed
var kinds = []string{
	"echo", "idle", "growth", "broadcast", "stalled", "burst", "push", "handshake", "heartbeat", "deflate", "deflate-idle",
}

//go:embed cases.txt
var casesText string

// cases are what a full run measures.
func cases() (all []Case) {
	for line := range strings.Lines(casesText) {
		name, mark, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if name == "" || name[0] == '#' {
			continue
		}
		c, err := parseCase(name)
		if err != nil {
			panic(err)
		}
		c.Closest = strings.TrimSpace(mark) == "closest"
		all = append(all, c)
	}
	return all
}

// parseCase returns the case of that name.
func parseCase(name string) (Case, error) {
	kind, parts, _ := strings.Cut(name, "/")
	spec := load.Spec{Kind: load.Kind(kind), Size: 125, Conns: 1, InFlight: 1, Payload: load.Text}
	c := Case{Name: name, Cores: 1, Spec: spec}
	if !slices.Contains(kinds, kind) {
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
