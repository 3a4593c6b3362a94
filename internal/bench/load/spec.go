// Package load is the client side of the benchmarks. It is no library's client: it writes bytes that were prepared before
// the clock started and reads what comes back. Only the codec of a frame's header is this library's.
//
// One goroutine serves all connections through epoll, with one read and one write a flight. A server written in Go, with
// its own work for each message, always does more than the load does. The header of every reply is parsed and checked for
// the whole run. In the warm-up every payload byte is compared as well; after that, payloads are only counted.
package load

import "time"

// A Spec says what the load and the server have to do. Servers of earlier versions know what it says of an echo: what they
// know of it is zero then, and Stalled, which is a bool to them, is left out.
type Spec struct {
	Conns    int // connections, all open at once
	Size     int // bytes of payload in one message
	InFlight int // messages a connection sends in one write before it waits for their echoes
	Replies  int // how often each message comes back; 0 means once; if it is more, InFlight must be 1
	Senders  int // goroutines of the server that share the replies to a message; 0: the one that received it sends them
	Stalled  int `json:",omitempty"` // connections, the last ones, that do not read after the warm-up; for Stalled
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

// Beat is how often a silent connection of Heartbeat has a Ping.
const Beat = time.Second

// Broadcasts reports whether a message goes to every connection.
func (s *Spec) Broadcasts() bool { return s.Kind == Broadcast || s.Kind == Stalled }

// A Result is what a span of traffic came to.
type Result struct {
	Messages int           // received whole; for Handshake, the handshakes
	Rounds   int           // for Broadcast and Stalled, the flights of the first connection
	Round    time.Duration // their mean
	Elapsed  time.Duration // from the first byte sent to the last reply
	P50, P99 time.Duration // from a flight's write to the arrival of a message of it; for Heartbeat, between two
}
