//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"errors"
	"net"
	"syscall"
)

// maxLen is how much is read or written at once: some systems refuse 2 GiB.
const maxLen = 1 << 30

// dup returns another descriptor of a stream socket, which no child process inherits.
func dup(sc syscall.Conn) (fd int, err error) {
	raw, err := sc.SyscallConn()
	if err != nil {
		return 0, err
	}
	_, tcp := sc.(*net.TCPConn)
	controlErr := raw.Control(func(s uintptr) {
		if tcp || isStream(int(s)) {
			fd, err = dupCloseOnExec(int(s))
		} else {
			err = errors.ErrUnsupported
		}
	})
	if controlErr != nil {
		return 0, controlErr
	}
	return fd, err
}

// isStream reports whether a socket is a stream, as not all Unix sockets are.
func isStream(fd int) bool {
	kind, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_TYPE)
	return err == nil && kind == syscall.SOCK_STREAM
}

func dupCloseOnExec(fd int) (int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := syscall.Dup(fd)
	if err != nil {
		return 0, err
	}
	syscall.CloseOnExec(fd)
	return fd, nil
}

func read(fd int, p []byte) (n int, err error) {
	for {
		n, err = syscall.Read(fd, p)
		if err != syscall.EINTR {
			return n, err
		}
	}
}

func write(fd int, p []byte, flags int) (n int, err error) {
	for {
		if flags == 0 {
			n, err = syscall.Write(fd, p)
		} else {
			n, err = syscall.SendmsgN(fd, p, nil, nil, flags)
		}
		if err != syscall.EINTR {
			return n, err
		}
	}
}
