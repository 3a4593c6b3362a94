package load

import (
	"bytes"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// The opening handshake, with the key and the accept value of RFC 6455, Section 1.3.
const (
	request = "GET / HTTP/1.1\r\n" +
		"Host: 127.0.0.1\r\n" +
		"Upgrade: websocket\r\n" +
		"Connection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
		"Sec-WebSocket-Version: 13\r\n"
	switching = "HTTP/1.1 101 "
	accept    = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

// dial returns a connected socket in blocking mode. It is reset when it is closed, so that tens of thousands of them
// leave no port in TIME_WAIT.
func dial(addr string) (fd int, err error) {
	to, err := netip.ParseAddrPort(addr)
	if err != nil {
		return 0, err
	}
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
	err = unix.Connect(fd, &unix.SockaddrInet4{Addr: to.Addr().As4(), Port: int(to.Port())})
	if err != nil {
		unix.Close(fd)
		return 0, fmt.Errorf("load: connect to %s: %w", addr, err)
	}
	return fd, nil
}

// upgrade makes the handshake on a socket in blocking mode.
func upgrade(fd int, d Deflate) error {
	if err := writeRequest(fd, d); err != nil {
		return err
	}
	var response []byte
	var buf [1024]byte
	for {
		n, err := unix.Read(fd, buf[:])
		if err != nil || n == 0 {
			return fmt.Errorf("load: connection ended in the handshake: %v", err)
		}
		response = append(response, buf[:n]...)
		whole, err := upgraded(response)
		switch {
		case err != nil:
			return err
		case whole:
			return d.check(string(response))
		}
	}
}

func writeRequest(fd int, d Deflate) error {
	whole := request + d.offer() + "\r\n"
	n, err := unix.Write(fd, []byte(whole))
	if err == nil && n < len(whole) {
		err = fmt.Errorf("load: %d bytes of the request were taken", n)
	}
	return err
}

// upgraded reports whether response is whole, and an error where it is not the server's half of the handshake.
func upgraded(response []byte) (whole bool, err error) {
	head, rest, whole := bytes.Cut(response, []byte("\r\n\r\n"))
	switch {
	case !whole:
		return false, nil
	case !bytes.HasPrefix(head, []byte(switching)), !bytes.Contains(head, []byte(accept)):
		return true, fmt.Errorf("load: not upgraded: %q", head)
	case len(rest) > 0:
		return true, fmt.Errorf("load: %d bytes came after the handshake, unasked", len(rest))
	}
	return true, nil
}
