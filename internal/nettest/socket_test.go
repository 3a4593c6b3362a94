//go:build linux || darwin || freebsd || netbsd || openbsd

package nettest

import (
	"net"
	"path/filepath"
	"testing"

	"golang.org/x/net/nettest"

	"resty.websocket/internal/socket"
)

func TestSocket(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
				return socketPair(t, network)
			})
		})
	}
}

// socketPair returns both ends of a connection over a socket, and a function that closes
// them.
func socketPair(t *testing.T, network string) (c1, c2 net.Conn, stop func(), err error) {
	addr := "127.0.0.1:0"
	if network == "unix" {
		addr = filepath.Join(t.TempDir(), "s")
	}
	l, err := net.Listen(network, addr)
	if err != nil {
		return nil, nil, nil, err
	}
	defer l.Close()
	dialed, err := net.Dial(network, l.Addr().String())
	if err != nil {
		return nil, nil, nil, err
	}
	accepted, err := l.Accept()
	if err != nil {
		dialed.Close()
		return nil, nil, nil, err
	}
	ours, err := socket.Take(dialed)
	if err != nil {
		return nil, nil, nil, err
	}
	theirs, err := socket.Take(accepted)
	if err != nil {
		return nil, nil, nil, err
	}
	return ours, theirs, func() { ours.Close(); theirs.Close() }, nil
}
