//go:build unix

package endpoint

import (
	"io"
	"os"
	"syscall"
)

// peek looks for bytes that the kernel has received and that are still unread. It
// returns errUnread if there are any, and another error if the connection has ended. It
// does not wait. For a connection without a socket underneath it returns nil.
func (l *link) peek() error {
	sc, ok := beneath(l.nc).(syscall.Conn)
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

// arrived reports whether the kernel has something for the receiver: bytes, or the end of
// the connection. The receiver may wait meanwhile. Without a socket underneath, nothing is
// known to have arrived.
func (l *link) arrived() bool {
	sc, ok := beneath(l.nc).(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return false
	}
	received := error(syscall.EAGAIN)
	raw.Control(func(fd uintptr) {
		_, _, received = syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK)
	})
	return received != syscall.EAGAIN
}
