package handshake

import "slices"

// maxProtocols is how many subprotocols a client may offer. The check that none
// is offered twice compares each with each.
const maxProtocols = 100

// chooseProtocol returns the first of own, the server's subprotocols, that the
// client offered in its Sec-WebSocket-Protocol lines, or "" where there is none
// in common. It reports whether the offer was valid: "The elements that comprise
// this value MUST be non-empty strings with characters in the range U+0021 to
// U+007E not including separator characters […] and MUST all be unique strings"
// (RFC 6455, Section 4.1).
func chooseProtocol(own, lines []string) (protocol string, ok bool) {
	if len(lines) == 0 {
		return "", true
	}
	var array [maxProtocols]string
	offered := array[:0]
	for _, list := range lines {
		for list != "" {
			var element string
			element, list = cutElement(list)
			switch {
			case element == "":
				continue
			case !isToken(element), slices.Contains(offered, element), len(offered) == maxProtocols:
				return "", false
			}
			offered = append(offered, element)
		}
	}
	for _, protocol := range own {
		if slices.Contains(offered, protocol) {
			return protocol, true
		}
	}
	return "", len(offered) > 0
}
