// Package load is the client side of the benchmarks. It is no library's client: it writes bytes that were prepared before
// the clock started and reads what comes back. Only the codec of a frame's header is this library's.
//
// One goroutine serves all connections through epoll, with one read and one write a flight. A server written in Go, with
// its own work for each message, always does more than the load does. The header of every reply is parsed and checked for
// the whole run. In the warm-up every payload byte is compared as well; after that, payloads are only counted.
package load

import "time"

// A Spec says what the load has to do.
type Spec struct {
	Conns    int // connections, all open at once
	Size     int // bytes of payload in one message
	InFlight int // messages a connection sends in one write before it waits for their echoes
	Replies  int // how often each message comes back; 0 means once; if it is more, InFlight must be 1
	Stalled  int // connections, the last ones, that do not read after the warm-up; for Stalled
	Total    int // messages after the warm-up, even if they take longer than the span
	Payload  Payload
	Deflate  Deflate
	Kind     Kind
}

// A Deflate is how messages are compressed (RFC 7692).
type Deflate string

const (
	Plain      Deflate = ""    // permessage-deflate is not offered
	NoTakeover Deflate = "off" // without context takeover in either direction
	Takeover   Deflate = "on"  // with context takeover in both
)

// A Kind is the kind of traffic. If it is none of these, every connection sends flights and awaits their echoes.
type Kind string

const (
	Broadcast Kind = "broadcast" // the first connection sends a message, and all of them receive it
	Stalled   Kind = "stalled"   // the same
	Handshake Kind = "handshake" // Conns at a time, connections are opened, upgraded and reset
	Heartbeat Kind = "heartbeat" // the server's Pings are answered; each is a message
)

// A Result is what a span of traffic came to.
type Result struct {
	Messages int           // received whole; for Handshake, the handshakes
	Rounds   int           // for Broadcast and Stalled, the flights of the first connection
	Round    time.Duration // their mean
	Longest  time.Duration // of them
	Elapsed  time.Duration // from the first byte sent to the last reply
	P50, P99 time.Duration // from a flight's write to the arrival of a message of it; for Heartbeat, between two
}
