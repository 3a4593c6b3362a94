//go:build !unix

package endpoint

import (
	"net"
	"syscall"
)

// Without the calls of Unix, sockets are read and written as every net.Conn.

func rawConn(net.Conn) syscall.RawConn { return nil }

func (r *receiver) socketRead() func(fd uintptr) (done bool) { return nil }

type socketWriter struct{}

func (l *link) tryWrite(*socketWriter, []byte) (n int, err error) { return 0, nil }
