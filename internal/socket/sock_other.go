//go:build !(linux || darwin || freebsd || netbsd || openbsd)

package socket

import (
	"errors"
	"net"
	"syscall"
)

// A Conn cannot be had on this system: its methods are there to be compiled.
type Conn struct{ net.Conn }

// Take returns errors.ErrUnsupported.
func Take(net.Conn) (*Conn, error) { return nil, errors.ErrUnsupported }

func (c *Conn) CloseWrite() error                     { return errors.ErrUnsupported }
func (c *Conn) TryRead([]byte) (int, error)           { return 0, errors.ErrUnsupported }
func (c *Conn) TryWrite([]byte) (int, error)          { return 0, errors.ErrUnsupported }
func (c *Conn) Ready() bool                           { return false }
func (c *Conn) AwaitRead() error                      { return errors.ErrUnsupported }
func (c *Conn) Park(Parker) bool                      { return false }
func (c *Conn) WriteBuffers([][]byte) (int64, error)  { return 0, errors.ErrUnsupported }
func (c *Conn) SyscallConn() (syscall.RawConn, error) { return nil, errors.ErrUnsupported }
func (c *Conn) SetNoDelay(bool) error                 { return errors.ErrUnsupported }
func (c *Conn) SetKeepAlive(bool) error               { return errors.ErrUnsupported }
func (c *Conn) SetReadBuffer(int) error               { return errors.ErrUnsupported }
func (c *Conn) SetWriteBuffer(int) error              { return errors.ErrUnsupported }
func (c *Conn) SetLinger(int) error                   { return errors.ErrUnsupported }
