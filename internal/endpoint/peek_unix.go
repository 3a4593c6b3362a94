//go:build unix

package endpoint

import (
	"io"
	"os"
	"syscall"
)

// peek looks for what the kernel has received and nobody has read: errUnread
// if there is something, and an error too if the connection has ended. It does
// not wait. Of a connection without a socket underneath it knows nothing.
func (l *link) peek() error {
	sc, ok := socket(l.nc).(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return err
	}
	var n int
	var received error
	err = raw.Read(func(fd uintptr) (done bool) {
		n, _, received = syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK)
		return true
	})
	switch {
	case err != nil:
		return err
	case received == syscall.EAGAIN:
		return nil
	case received != nil:
		return os.NewSyscallError("recvfrom", received)
	case n == 0:
		return io.EOF
	}
	return errUnread
}
