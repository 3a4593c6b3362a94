package handshake

import (
	"crypto/sha1"
	"encoding/base64"
)

// guid is what a server appends to the key, to show that it knows WebSocket
// (RFC 6455, Section 1.3).
const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// acceptLen is the length of a Sec-WebSocket-Accept value: 20 bytes in base64.
const acceptLen = 28

// Accept returns the value of the Sec-WebSocket-Accept header field that answers
// a request with the given Sec-WebSocket-Key (RFC 6455, Section 4.2.2). It
// does not check whether key is valid.
func Accept(key string) string {
	var buf [acceptLen]byte
	return string(appendAccept(buf[:0], key))
}

// appendAccept appends Accept(key) to dst.
func appendAccept(dst []byte, key string) []byte {
	var buf [keyLen + len(guid)]byte // enough for a valid key
	sum := sha1.Sum(append(append(buf[:0], key...), guid...))
	return base64.StdEncoding.AppendEncode(dst, sum[:])
}

// keyLen is the length of a Sec-WebSocket-Key: 16 bytes in base64.
const keyLen = 24

// validKey reports whether key is the base64 form of 16 bytes (RFC 6455,
// Section 4.2.1). The last character has four bits to spare. They may have any value:
// in the RFC's own example, "AQIDBAUGBwgJCgsMDQ4PEC==", they are not zero, and a
// decoder may accept that (RFC 4648, Section 3.5).
func validKey(key string) bool {
	const digits = keyLen - len("==")
	if len(key) != keyLen || key[digits:] != "==" {
		return false
	}
	for i := range digits {
		if !isBase64(key[i]) {
			return false
		}
	}
	return true
}

// isBase64 reports whether c belongs to the alphabet of RFC 4648, Section 4.
func isBase64(c byte) bool {
	return isAlphanumeric(c) || c == '+' || c == '/'
}
