package handshake

import (
	"net/http"
	"slices"

	"resty.websocket/internal/http1"
)

// A reserved names a header field that a caller cannot set, and tells what to do instead.
type reserved struct{ name, advice string }

// The fields that are reserved in requests, in responses, and in both. Those in both make
// the handshake, or frame the message that carries it.
var (
	reservedInRequest = []reserved{
		{"host", "use Options.Host"},
		{"origin", "use Options.Origin"},
		{"sec-websocket-key", "use Options.Key"},
		{"sec-websocket-protocol", "use Options.Protocols"},
		{"sec-websocket-extensions", "use Options.Deflate"},
	}
	reservedInResponse = []reserved{
		{"host", "it belongs in requests"},
		{"origin", "it belongs in requests"},
		{"sec-websocket-protocol", "use Options.Protocols"},
		{"sec-websocket-extensions", "use Options.Deflate"},
	}
	reservedInBoth = []reserved{
		{"connection", handshakesOwn},
		{"upgrade", handshakesOwn},
		{"expect", noBody},
		{"content-length", noBody},
		{"transfer-encoding", noBody},
		{"te", noBody},
		{"trailer", noBody},
	}
)

const (
	handshakesOwn = "the handshake sets it"
	noBody        = "a handshake has no body"
)

// badHeader returns why h cannot be sent as further header fields of a handshake, ""
// if it can. own are the fields that are reserved on this side alone.
func badHeader(h http.Header, own []reserved) string {
	for name := range h {
		if advice := reservedAdvice(name, own); advice != "" {
			return http1.Printable(name) + ": " + advice
		}
	}
	name, problem := malformedHeader(h)
	if problem == "" {
		return ""
	}
	return http1.Printable(name) + ": " + problem
}

// reservedAdvice returns what to do instead of setting the field name, "" if the caller
// may set it.
func reservedAdvice(name string, own []reserved) string {
	for _, list := range [][]reserved{own, reservedInBoth} {
		for _, field := range list {
			if equalFold(name, field.name) {
				return field.advice
			}
		}
	}
	const prefix = "sec-websocket-"
	if len(name) >= len(prefix) && equalFold(name[:len(prefix)], prefix) {
		return handshakesOwn
	}
	return ""
}

// malformedHeader returns a name in h that is not a token or that has a value with
// a control character, and which of the two it is. Both are "" if there is none.
func malformedHeader(h http.Header) (name, problem string) {
	for name, values := range h {
		switch {
		case !isToken(name):
			return name, "the name is not a token"
		case slices.ContainsFunc(values, badValue):
			return name, "control character in the value"
		}
	}
	return "", ""
}

// badValue reports whether a header value has a control character other than tab:
// with CR and LF the rest of it would be read as further lines.
func badValue(value string) bool {
	for i := range len(value) {
		if c := value[i]; c < ' ' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}
