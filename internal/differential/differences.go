package differential

import (
	"encoding/binary"
	"errors"

	"resty.websocket/frame"
)

const (
	gobwas  = "gobwas/ws"
	gorilla = "gorilla/websocket"
)

// errLengthNotShort is one of the rules of [frame.ErrLengthForm].
var errLengthNotShort = &frame.ProtocolError{
	Code:    frame.StatusProtocolError,
	Section: "5.2",
	Reason:  "payload len not in its shortest form",
}

// lenient lists what a peer takes and we refuse. The rule has its section of
// RFC 6455 in it.
var lenient = []struct {
	peer string
	rule *frame.ProtocolError
	why  string
}{
	{gobwas, errLengthNotShort, `the "minimal number of bytes MUST be used to encode the length"; it takes any form`},
	{gorilla, errLengthNotShort, `the "minimal number of bytes MUST be used to encode the length"; it takes any form`},
	{gorilla, frame.ErrCloseBody, `"If there is a body, the first two bytes of the body MUST be" the code; it takes half a code for none`},
	{gorilla, frame.ErrInvalidUTF8, `"that endpoint MUST _Fail the WebSocket Connection_"; it leaves the text of messages to its caller`},
	{gobwas, frame.ErrPayloadTooLong, `a length that no slice can have is over any limit of ours; it waits for the bytes`},
	{gorilla, frame.ErrPayloadTooLong, `a length that no slice can have is over any limit of ours; it waits for the bytes`},
}

// codes lists the status codes in Close frames about which a peer and we
// disagree: it refuses those for which frame.StatusCode.Valid holds, and takes
// the others.
var codes = []struct {
	peer     string
	from, to frame.StatusCode
	why      string
}{
	{gobwas, frame.StatusServiceRestart, frame.StatusBadGateway, "Section 7.4.2 leaves 1012 to 1014 to later definition, and IANA's registry has it; it takes the RFC's own codes only"},
	{gorilla, frame.StatusBadGateway, frame.StatusBadGateway, "Section 7.4.2 leaves 1014 to later definition, and IANA's registry has it; it takes the registry's codes up to 1013"},
	{gobwas, 5000, 65535, "Section 7.4.2 has no range for them; it takes what is in no range"},
}

// accepts reports whether peer is known to take what we refuse for rule.
func accepts(peer string, rule error) bool {
	var broken *frame.ProtocolError
	if !errors.As(rule, &broken) {
		return false
	}
	for _, d := range lenient {
		// Half a status code and a bad one share a variable, but no section.
		if d.peer == peer && errors.Is(broken, d.rule) && broken.Section == d.rule.Section {
			return true
		}
	}
	return false
}

// disagrees reports whether peer is known to disagree about u, a Close frame.
func disagrees(peer string, u unit) bool {
	if u.opcode != frame.Close || len(u.payload) < 2 {
		return false
	}
	code := frame.StatusCode(binary.BigEndian.Uint16(u.payload))
	for _, d := range codes {
		if d.peer == peer && d.from <= code && code <= d.to {
			return true
		}
	}
	return false
}
