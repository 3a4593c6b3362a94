package handshake

import (
	"slices"
	"strconv"

	"resty.websocket/internal/http1"
)

// maxProtocols is how many subprotocols a client may offer. The check that none
// is offered twice compares each with each.
const maxProtocols = 100

// chooseProtocol returns the first of own, the server's subprotocols, that the
// client offered in its Sec-WebSocket-Protocol lines, or "" where there is none
// in common. problem tells why the offer is invalid: "The elements that comprise
// this value MUST be non-empty strings with characters in the range U+0021 to
// U+007E not including separator characters […] and MUST all be unique strings"
// (RFC 6455, Section 4.1).
func chooseProtocol(own, lines []string) (protocol, problem string) {
	if len(lines) == 0 {
		return "", ""
	}
	return chooseOffered(own, lines)
}

// chooseOffered is chooseProtocol for a client that offers some. It alone needs stack for
// all that a client may offer.
func chooseOffered(own, lines []string) (protocol, problem string) {
	var array [maxProtocols]string
	offered, problem := appendProtocols(array[:0], lines)
	if problem != "" {
		return "", problem
	}
	for _, protocol := range own {
		if slices.Contains(offered, protocol) {
			return protocol, ""
		}
	}
	return "", ""
}

// appendProtocols appends the subprotocols in lines to offered, as many as fit without
// allocation. problem tells why they are invalid.
func appendProtocols(offered, lines []string) (_ []string, problem string) {
	count := 0
	for _, list := range lines {
		for list != "" {
			var element string
			element, list = cutElement(list)
			switch {
			case element == "":
				continue
			case !isToken(element):
				return nil, "not a token: " + http1.Printable(element)
			case slices.Contains(offered, element):
				return nil, "repeated: " + http1.Printable(element)
			}
			if count++; count <= cap(offered) {
				offered = append(offered, element)
			}
		}
	}
	switch {
	case count == 0:
		return nil, "no subprotocol"
	case count > cap(offered):
		return nil, strconv.Itoa(count) + " subprotocols, more than " + strconv.Itoa(cap(offered))
	}
	return offered, ""
}
