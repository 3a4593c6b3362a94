package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/servers"
)

// A Case is one row of the report: the same traffic for every library.
type Case struct {
	Kind     kind
	Size     int // bytes of payload
	Conns    int
	InFlight int
	Replies  int // to each message; 0 means 1
	Senders  int // of the replies; 0: the receiver of the message
	Stalled  int // connections that stop reading
	Payload  load.Payload
	Deflate  load.Deflate
	Cores    int // of the server
}

type kind string

const (
	echo      kind = "echo"
	idle      kind = "idle"      // one echo on each connection, then silence
	broadcast kind = "broadcast" // one connection's messages to all
	stalled   kind = "stalled"   // the same where some connections stop reading
	burst     kind = "burst"     // several goroutines send on one connection as fast as they may
	push      kind = "push"      // the receiver of a message answers with many, in a loop
	slow      kind = "slow"      // of two messages, the first is answered at once and the second after slowPause
	handshake kind = "handshake" // connect, upgrade, reset
	growth    kind = "growth"    // echo at one size, as connections and cores grow

	deflate     kind = "deflate"      // echo of compressed messages
	deflateIdle kind = "deflate-idle" // one such echo on each connection, then silence; with load.Plain, not compressed
)

// slowPause is what a handler takes over a message under slow.
const slowPause = 100 * time.Millisecond

// String names the case; -run matches against it.
func (c Case) String() string {
	switch c.Kind {
	case idle, handshake:
		return fmt.Sprintf("%s/conns=%d", c.Kind, c.Conns)
	case broadcast:
		return fmt.Sprintf("broadcast/size=%d/conns=%d%s", c.Size, c.Conns, c.details())
	case stalled:
		return fmt.Sprintf("stalled/size=%d/conns=%d/stalled=%d", c.Size, c.Conns, c.Stalled)
	case burst:
		return fmt.Sprintf("burst/size=%d/senders=%d", c.Size, c.Senders)
	case push:
		return fmt.Sprintf("push/size=%d/messages=%d", c.Size, c.Replies)
	case slow:
		return fmt.Sprintf("slow/pause=%v", slowPause)
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

// details are the parts of a broadcast's name that not all have.
func (c Case) details() (s string) {
	if c.InFlight > 1 {
		s += fmt.Sprintf("/inflight=%d", c.InFlight)
	}
	if c.Replies > 1 {
		s += fmt.Sprintf("/each=%d", c.Replies)
	}
	if c.Deflate != load.Plain {
		s += fmt.Sprintf("/takeover=%s", c.Deflate)
	}
	return s
}

// runs reports whether the case says something about the library: some ways of serving are about one kind of case alone.
func (c Case) runs(lib string) bool {
	compressed := c.Deflate != load.Plain
	switch {
	case lib == "resty-each":
		return c.Kind == broadcast && compressed
	case compressed, c.Kind == deflateIdle:
		return c.compresses(lib)
	}
	switch lib {
	case "resty-before":
		return slices.Contains(races, c)
	case "gws-async":
		return c.Kind == burst || c.Kind == push
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

// job is the server's part of the case.
func (c Case) job() *servers.Job {
	job := &servers.Job{
		Broadcast: c.broadcasts(), Stalled: c.Kind == stalled, Replies: c.Replies, Senders: c.Senders, Deflate: c.Deflate,
	}
	if c.Kind == slow {
		job.Pause = slowPause
	}
	return job
}

func (c Case) broadcasts() bool { return c.Kind == broadcast || c.Kind == stalled }
