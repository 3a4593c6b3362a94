package http1

import (
	"crypto/tls"
	"net"
)

// Abort closes nc at once. TLS is not ended: the alert that tls.Conn's Close sends
// waits up to five seconds for a peer that does not read.
func Abort(nc net.Conn) {
	for {
		secure, ok := nc.(*tls.Conn)
		if !ok {
			break
		}
		nc = secure.NetConn()
	}
	nc.Close()
}
