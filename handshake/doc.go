// Package handshake makes WebSocket connections out of HTTP ones: both halves of
// the opening handshake of RFC 6455, Section 4, and the negotiation of
// permessage-deflate, RFC 7692, Sections 5 to 7.
//
// It ends where frames begin. What both halves give is a connection, the bytes that
// the peer sent right behind its half, and an [Agreement] on how to go on.
//
// # Server
//
// A [Server] is a configuration; [Server.Upgrade] is called from an HTTP handler.
// It first decides about the request, by the list of Section 4.2.1: HTTP/1.1, GET,
// Host, Upgrade, Connection, Sec-WebSocket-Key, Sec-WebSocket-Version, and then
// whatever of Origin, Sec-WebSocket-Protocol and Sec-WebSocket-Extensions is there.
// Field values are parsed by their grammar: lists may be spread over several lines,
// words compare in any case where the RFC says so, and what must not be repeated
// is not. Only a request that has passed is hijacked; all others are answered with
// an HTTP error.
//
// # Client
//
// A [Client] is a configuration too. It dials nothing: [Client.Check] says whether
// a request can be made, and [Client.Upgrade] makes it on a connection that is
// there, be it TCP, TLS or a tunnel through a proxy. It believes nothing of the
// response: status, Upgrade, Connection and Sec-WebSocket-Accept are checked, and
// the server can agree to nothing that was not offered. Time is the connection's
// business: set a deadline, or close it.
//
// # Subprotocols
//
// The client offers subprotocols in the order of its preference, but it is the
// server's order that decides: it chooses the first of its own that was offered.
// If there is none the connection is made all the same, and it is for the client
// to close it.
//
// # Compression
//
// A [Deflate] says what one side wants of permessage-deflate. Of several offers
// the server accepts the first that it can keep, and declines those with unknown,
// repeated or impossible parameters. A client fails the handshake if its offer does
// not allow the response. In both directions the sides may agree to forget
// what was sent between messages, and to look back less than 32 KiB: it costs
// compression and saves memory.
//
// # Security
//
// Browsers let any web page connect to any server, with the user's cookies. Unless
// [Server].CheckOrigin says otherwise, pages of other origins are answered with 403;
// what it has to look out for is told there.
//
// Nothing that a peer or a caller hands in gets into a header unchecked: neither
// CR and LF in a field of Client or Server, nor a subprotocol that is not one's own.
// Headers take time and memory in proportion to their length. net/http limits a
// request's; a response's may have 64 KiB.
//
// # Errors
//
// All errors are of type *[Error]. It has the HTTP status and the rule that was
// broken, and wraps the connection's error where there is one, so that
// errors.Is(err, os.ErrDeadlineExceeded) works.
package handshake
