package main

import (
	"io"
	"net"
	"sync"
	"testing"
)

// A link is a TCP proxy that can be cut.
type link struct {
	t    testing.TB
	addr string // where it listens, unless it is cut

	mu       sync.Mutex
	listener net.Listener // nil if it is cut
	conns    map[net.Conn]bool
}

// newLink returns a link that is cut.
func newLink(t testing.TB) *link {
	t.Helper()
	l := &link{t: t, addr: "127.0.0.1:0", conns: make(map[net.Conn]bool)}
	l.open("")
	l.addr = l.listener.Addr().String()
	l.cut()
	t.Cleanup(l.cut)
	return l
}

// open has the link lead to an address.
func (l *link) open(to string) {
	l.t.Helper()
	await(l.t, "port for the link", func() bool { // somebody may have it for a moment
		l.mu.Lock()
		defer l.mu.Unlock()
		listener, err := net.Listen("tcp", l.addr)
		if err == nil {
			l.listener = listener
			go l.accept(listener, to)
		}
		return err == nil
	})
}

// cut ends all connections, and refuses others.
func (l *link) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.listener != nil {
		l.listener.Close()
		l.listener = nil
	}
	for c := range l.conns {
		c.Close()
	}
}

func (l *link) accept(listener net.Listener, to string) {
	for {
		near, err := listener.Accept()
		if err != nil {
			return
		}
		go l.carry(near, to)
	}
}

// carry carries what comes on a connection to the other end and back.
func (l *link) carry(near net.Conn, to string) {
	defer l.forget(near)
	far, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer l.forget(far)
	if !l.keep(near, far) {
		return
	}
	go func() {
		defer near.Close()
		io.Copy(near, far)
	}()
	io.Copy(far, near)
}

// keep notes connections that the link carries, unless it is cut.
func (l *link) keep(conns ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range conns {
		l.conns[c] = true
	}
	return l.listener != nil
}

func (l *link) forget(c net.Conn) {
	c.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, c)
}
