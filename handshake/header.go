package handshake

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// net/http's spelling of the handshake's header fields, as keys of http.Header.
const (
	headerKey        = "Sec-Websocket-Key"
	headerAccept     = "Sec-Websocket-Accept"
	headerVersion    = "Sec-Websocket-Version"
	headerProtocol   = "Sec-Websocket-Protocol"
	headerExtensions = "Sec-Websocket-Extensions"
)

// badHeader returns a name in h that cannot be sent as a further header field of
// a handshake, because it is malformed or one of the handshake's own. ok is false
// if there is none.
func badHeader(h http.Header) (name string, ok bool) {
	for name := range h {
		if isOwnHeader(name) {
			return name, true
		}
	}
	return malformedHeader(h)
}

// malformedHeader returns a name in h that is not a token or that has a value with
// a control character. ok is false if there is none.
func malformedHeader(h http.Header) (name string, ok bool) {
	for name, values := range h {
		if !isToken(name) || slices.ContainsFunc(values, badValue) {
			return name, true
		}
	}
	return "", false
}

// isOwnHeader reports whether name is a header field that makes the handshake or
// frames the message that carries it, and so is not the caller's to set.
func isOwnHeader(name string) bool {
	const prefix = "sec-websocket-"
	if len(name) >= len(prefix) && equalFold(name[:len(prefix)], prefix) {
		return true
	}
	switch strings.ToLower(name) {
	case "connection", "upgrade", "host", "origin", "expect",
		"content-length", "transfer-encoding", "te", "trailer":
		return true
	}
	return false
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

// hasHeader reports whether h has a field of that name, in any spelling.
func hasHeader(h http.Header, name string) bool {
	for key := range h {
		if equalFold(key, name) {
			return true
		}
	}
	return false
}

// appendHeader appends the header's lines in the order of their names, which are
// spelled as they are in the map. An empty User-Agent is left out, as in net/http.
func appendHeader(dst []byte, h http.Header) []byte {
	if len(h) == 0 {
		return dst
	}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			if value != "" || !equalFold(name, "user-agent") {
				dst = appendLine(dst, name, value)
			}
		}
	}
	return dst
}

// appendLine appends one header line.
func appendLine(dst []byte, name, value string) []byte {
	dst = append(dst, name...)
	dst = append(dst, ": "...)
	dst = append(dst, value...)
	return append(dst, "\r\n"...)
}
