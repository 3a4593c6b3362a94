// Package handshake makes WebSocket connections out of HTTP ones: both halves of
// RFC 6455, Section 4.
package handshake
