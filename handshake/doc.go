// Package handshake makes WebSocket connections out of HTTP ones. It has both halves of
// the opening handshake of RFC 6455, Section 4, and the negotiation of
// permessage-deflate, RFC 7692, Sections 5 to 7.
//
// The package ends where frames begin. Both halves return a [Result]: the connection,
// the bytes that the peer sent right behind its half, and an [Agreement] on how to go on.
//
// # Server
//
// A [Server] is a configuration. An HTTP handler calls [Server.Upgrade], which first
// decides about the request, by the list of Section 4.2.1: HTTP/1.1, GET, Host, Upgrade,
// Connection, Sec-WebSocket-Key, Sec-WebSocket-Version, and then Origin,
// Sec-WebSocket-Protocol and Sec-WebSocket-Extensions if they are there. Field values are
// parsed by their grammar: lists may be spread over several lines, words compare in any
// case where the RFC says so, and a field that must not be repeated is refused if it is.
// Only a request that has passed is hijacked. All others are answered with an HTTP error.
//
// # Client
//
// A [Client] is a configuration too. It dials nothing. [Client.Check] reports whether a
// request can be made, and [Client.Upgrade] makes it on a connection of the caller's,
// which may be TCP, TLS or a tunnel through a proxy. It believes nothing of the response:
// status, Upgrade, Connection and Sec-WebSocket-Accept are checked, and the server can
// agree to nothing that was not offered. The caller bounds the time, by a deadline or by
// closing the connection.
//
// # Subprotocols
//
// The client offers subprotocols in the order of its preference, but the server's order
// decides: the server chooses the first of its own that was offered. If there is none,
// the connection is made without a subprotocol. A browser that has offered one then fails
// the connection, so a server must list the subprotocols that its pages ask for.
//
// lua-resty-websocket's server answers with the client's whole list. That is a valid
// answer to an offer of one subprotocol and to no other: a client must offer one alone to
// such a server.
//
// # Compression
//
// A [Deflate] tells what one side wants of permessage-deflate. Of several offers the
// server accepts the first that it can keep, and declines those with unknown, repeated or
// impossible parameters. A client fails the handshake if its offer does not allow the
// response. In both directions the sides may agree to forget what was sent between
// messages, and to look back less than 32 KiB: it costs compression and saves memory.
//
// # Strictness
//
// Some peers send fields that RFC 6455 does not allow and that other libraries pass over.
// They are refused here, because the two sides may otherwise disagree on what was agreed:
//
//   - a Sec-WebSocket-Protocol or Sec-WebSocket-Extensions that is empty, in a request or
//     in a 101 (Sections 4.3 and 9.1): a peer that agrees to nothing must leave it out;
//   - a Sec-WebSocket-Extensions that breaks its grammar, even in an extension that is
//     not known (Section 9.1);
//   - a subprotocol in a 101 that was not offered, or more than one (Section 4.1).
//
// # Security
//
// Browsers let any web page connect to any server, with the user's cookies. Pages of
// other origins are answered with 403, unless [Server].Origins or CheckOrigin accepts
// them. The dangers of accepting too many are described there.
//
// Text of a peer or of a caller gets into a header only after it was checked: no field of
// Client or Server can bring CR and LF into it, and a client's subprotocol is not sent
// back unless the server speaks it. Headers take time and memory in proportion to their
// length. net/http limits a request's. A response's may have 64 KiB.
//
// # Errors
//
// All errors are of type *[Error]. It has the HTTP status and the rule that was broken,
// and wraps the connection's error if there is one, so that
// errors.Is(err, os.ErrDeadlineExceeded) works. Its text is printable.
package handshake
