package frame

import "fmt"

// An Opcode says how the payload of a frame is to be read (RFC 6455, Section 5.2).
type Opcode uint8

// The opcodes of RFC 6455, Section 11.8. All others are reserved.
const (
	Continuation Opcode = 0x0 // a further fragment of the open message
	Text         Opcode = 0x1 // UTF-8 text, or the first fragment of it
	Binary       Opcode = 0x2 // bytes, or the first fragment of them
	Close        Opcode = 0x8 // the closing handshake, with an optional status code and reason
	Ping         Opcode = 0x9 // a probe, to be answered with a Pong
	Pong         Opcode = 0xA // the answer to a Ping, or an unasked sign of life
)

// IsControl reports whether op is that of a control frame (Section 5.5),
// a reserved one included.
func (op Opcode) IsControl() bool { return op&0x8 != 0 }

// isReserved reports whether op has no meaning yet (Section 5.2).
func (op Opcode) isReserved() bool { return op&0x7 > 2 || op > 0xF }

// String returns the opcode in the words of lua-resty-websocket:
// "continuation", "text", "binary", "close", "ping" or "pong". A reserved one
// is "opcode 0x3".
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
