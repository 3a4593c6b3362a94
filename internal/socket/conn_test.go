//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"net"
	"path/filepath"
	"testing"

	"resty.websocket/internal/wiretest"
)

func TestMain(m *testing.M) { wiretest.Main(m) }

// networks are the kinds of socket.
var networks = []string{"tcp", "unix"}

// listen returns a listener of its own for t.
func listen(t testing.TB, network string) net.Listener {
	t.Helper()
	addr := "127.0.0.1:0"
	if network == "unix" {
		addr = filepath.Join(t.TempDir(), "s")
	}
	l, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// pair returns a Conn that was accepted and the peer that has dialed it.
func pair(t testing.TB, network string) (*Conn, net.Conn) {
	t.Helper()
	l := listen(t, network)
	peer, err := net.Dial(network, l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { peer.Close() })
	nc, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return take(t, nc), peer
}

func take(t testing.TB, nc net.Conn) *Conn {
	t.Helper()
	c, err := Take(nc)
	if err != nil {
		nc.Close()
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestEcho(t *testing.T) {
	for _, network := range networks {
		t.Run(network, func(t *testing.T) {
			c, peer := pair(t, network)
			buf := make([]byte, 64)
			for range 100 {
				peer.Write([]byte("Hello"))
				n, err := c.Read(buf)
				if err != nil || string(buf[:n]) != "Hello" {
					t.Fatalf("%q, %v", buf[:n], err)
				}
				if n, err = c.Write(buf[:n]); n != 5 || err != nil {
					t.Fatal(n, err)
				}
				if n, err = peer.Read(buf); string(buf[:n]) != "Hello" {
					t.Fatalf("%q, %v", buf[:n], err)
				}
			}
		})
	}
}
