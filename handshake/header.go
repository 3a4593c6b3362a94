package handshake

import (
	"maps"
	"net/http"
	"slices"
)

// The handshake's header fields as keys of http.Header, in net/http's spelling.
const (
	headerKey        = "Sec-Websocket-Key"
	headerAccept     = "Sec-Websocket-Accept"
	headerVersion    = "Sec-Websocket-Version"
	headerProtocol   = "Sec-Websocket-Protocol"
	headerExtensions = "Sec-Websocket-Extensions"
)

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
