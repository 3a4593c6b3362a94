package load

import "time"

// A Spec says what the load has to do.
type Spec struct {
	Addr     string // of the server, an IPv4 address and a port
	Conns    int    // connections, all open at once
	Size     int    // bytes of payload in one message
	InFlight int    // messages a connection sends in one write before it waits for their echoes
	Replies  int    // how often each message comes back; 0 means once, and with more InFlight has to be 1
	Stalled  int    // connections, the last ones, that do not read during Run; for Broadcast
	Payload  Payload
	Deflate  Deflate
	Work     Work
	Warm     time.Duration // of flights whose every byte is checked; at least one flight is sent
	Run      time.Duration // of the measured span
}

// A Deflate is how messages are compressed (RFC 7692).
type Deflate string

const (
	Plain      Deflate = ""    // permessage-deflate is not offered
	NoTakeover Deflate = "off" // without context takeover in either direction
	Takeover   Deflate = "on"  // with context takeover in both
)

// A Work is the kind of traffic.
type Work string

const (
	Echo      Work = "echo"      // every connection sends flights and awaits their echoes
	Broadcast Work = "broadcast" // the first connection sends a message, and all of them receive it
	Handshake Work = "handshake" // Conns at a time, connections are opened, upgraded and reset
	Slow      Work = "slow"      // as Echo, but of each flight only the first reply is measured
)

// A Result is what a span of traffic came to.
type Result struct {
	Messages int           // received whole; for Handshake, the handshakes; for Slow, the first replies
	Rounds   int           // for Broadcast, the flights of the first connection
	Longest  time.Duration // of the rounds
	Elapsed  time.Duration // from the first byte sent to the last reply
	P50, P99 time.Duration // from a flight's write to the arrival of a message of it
}

// A Command is one line that the load process reads; a Reply is the line it answers with.
type Command struct {
	Do   string // "open", "warm", "run" or "close"
	Spec *Spec  `json:",omitempty"` // with "open"
}

// A Reply answers a Command. Err is empty after a success.
type Reply struct {
	Result
	Err string
}
