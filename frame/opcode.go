package frame

import "fmt"

// An Opcode is the type of a frame (RFC 6455, Section 5.2).
type Opcode uint8

// The opcodes of RFC 6455, Section 11.8. All others are reserved.
const (
	Continuation Opcode = 0x0 // a further fragment of the open message
	Text         Opcode = 0x1 // UTF-8 text, or its first fragment
	Binary       Opcode = 0x2 // binary data, or its first fragment
	Close        Opcode = 0x8 // the closing handshake, with an optional status code and reason
	Ping         Opcode = 0x9 // a probe that the peer must answer with a Pong
	Pong         Opcode = 0xA // the answer to a Ping, or an unsolicited heartbeat
)

// IsControl reports whether op is the opcode of a control frame (Section 5.5).
// The reserved control opcodes are included.
func (op Opcode) IsControl() bool { return op&0x8 != 0 }

// isReserved reports whether RFC 6455 reserves op (Section 5.2).
func (op Opcode) isReserved() bool { return op&0x7 > 2 || op > 0xF }

// String returns the opcode in the words of lua-resty-websocket:
// "continuation", "text", "binary", "close", "ping" or "pong". For a reserved
// opcode it returns "opcode 0x3".
func (op Opcode) String() string {
	switch op {
	case Continuation:
		return "continuation"
	case Text:
		return "text"
	case Binary:
		return "binary"
	case Close:
		return "close"
	case Ping:
		return "ping"
	case Pong:
		return "pong"
	}
	return fmt.Sprintf("opcode %#x", uint8(op))
}
