package handshake

import (
	"net"
	"net/http"
)

// A Result is the outcome of an Upgrade.
type Result struct {
	// Agreement is what client and server agreed on.
	Agreement

	// Conn is the WebSocket connection: for a Server the one taken over from
	// net/http, for a Client the one that Upgrade was called with. The caller must
	// close it. It is nil if the handshake failed.
	Conn net.Conn

	// Early holds the bytes that the peer sent right behind its half of the
	// handshake and that have been read already: its first frames, or a part of
	// them. It is nil if there are none. The caller owns it.
	Early []byte

	// Response is the response that a Client received, also if it is a refusal. It
	// is nil for a Server, and for a Client that could read no response.
	Response *http.Response
}

// An Agreement holds the terms of a connection.
type Agreement struct {
	// Protocol is the subprotocol, or "" if there is none.
	Protocol string

	// Deflate holds the agreed parameters of permessage-deflate, with the window
	// bits filled in and with the Level and Threshold of this side. It is nil if
	// messages are not compressed.
	Deflate *Deflate
}
