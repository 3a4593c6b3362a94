// Package transport has what is done to the net.Conn beneath a WebSocket connection both
// while it is opened and later: [Abort]. It imports nothing of the module, so that the
// handshake and the endpoint can use it.
package transport

import (
	"crypto/tls"
	"net"
)

// Abort closes nc at once and returns the error of Close. Beneath TLS, which may itself be
// in TLS to a proxy, it closes the connection at the bottom: the alert that the Close of
// a [tls.Conn] sends would wait up to 5 seconds for a peer that does not read.
func Abort(nc net.Conn) error {
	for {
		secure, ok := nc.(*tls.Conn)
		if !ok {
			return nc.Close()
		}
		nc = secure.NetConn()
	}
}
