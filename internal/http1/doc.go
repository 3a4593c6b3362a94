// Package http1 holds the parts of HTTP/1.1 that the two requests of a client have in
// common: the opening handshake (RFC 6455, Section 4.1) and the CONNECT request to a
// proxy (RFC 9110, Section 9.3.6). Both are sent on a connection of their own, and
// both stop being HTTP when they succeed.
//
// # Reading
//
// A [Reader] reads one response. It separates the header from the bytes behind it,
// which belong to another protocol. A header has at most [MaxHeader] bytes, interim
// responses included. No wait for a header is bounded by time: the caller sets a
// deadline or closes the connection.
//
// The body of a refusal is worth little, and it may never end. [Reader.KeepBody] keeps
// up to [MaxBody] bytes of it and takes [BodyTime] at most.
//
// # Errors
//
// An error of the connection is returned as it is. A response that is not HTTP is a
// [SyntaxError]. Text of the peer is cut short and printable.
package http1
