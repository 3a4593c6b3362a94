//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"os"
	"syscall"
)

// SetNoDelay is that of net.TCPConn: if false, the kernel may wait for more before it
// sends less than a packet. Other options can be set through SyscallConn.
func (c *Conn) SetNoDelay(noDelay bool) error {
	return c.setOption(syscall.IPPROTO_TCP, syscall.TCP_NODELAY, boolInt(noDelay))
}

// SetKeepAlive is that of net.TCPConn: whether the kernel asks a silent peer for a sign
// of life.
func (c *Conn) SetKeepAlive(keepAlive bool) error {
	return c.setOption(syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, boolInt(keepAlive))
}

// SetReadBuffer sets how many bytes the kernel holds of what the peer sends.
func (c *Conn) SetReadBuffer(bytes int) error {
	return c.setOption(syscall.SOL_SOCKET, syscall.SO_RCVBUF, bytes)
}

// SetWriteBuffer sets how many bytes the kernel holds that the peer has not taken.
func (c *Conn) SetWriteBuffer(bytes int) error {
	return c.setOption(syscall.SOL_SOCKET, syscall.SO_SNDBUF, bytes)
}

// SetLinger is that of net.TCPConn: for how many seconds the kernel may go on sending
// after Close. If sec is 0, what is unsent is discarded, and the peer is told of a reset.
// If it is negative, there is no limit.
func (c *Conn) SetLinger(sec int) error {
	l := syscall.Linger{Onoff: 1, Linger: int32(sec)}
	if sec < 0 {
		l = syscall.Linger{}
	}
	return c.withDescriptor(func(fd int) error {
		return syscall.SetsockoptLinger(fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &l)
	})
}

func (c *Conn) setOption(level, option, value int) error {
	return c.withDescriptor(func(fd int) error { return syscall.SetsockoptInt(fd, level, option, value) })
}

func (c *Conn) withDescriptor(set func(fd int) error) error {
	err := c.use()
	if err == nil {
		defer c.unuse()
		err = os.NewSyscallError("setsockopt", set(int(c.fd)))
	}
	if err != nil {
		return c.opError("set", err)
	}
	return nil
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
