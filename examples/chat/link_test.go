package main

import (
	"io"
	"net"
	"sync"
	"testing"
)

// A link is a TCP proxy that can be cut.
type link struct {
	addr string // where it listens

	mu    sync.Mutex
	to    string
	cut   bool
	conns map[net.Conn]bool
}

// newLink returns a link, which goes to the address that is set by connect.
func newLink(t testing.TB) *link {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &link{addr: listener.Addr().String(), cut: true, conns: make(map[net.Conn]bool)}
	t.Cleanup(func() { listener.Close(); l.set("", true) })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go l.carry(conn)
		}
	}()
	return l
}

// set says where the link goes, and whether it is cut, which ends all connections.
func (l *link) set(to string, cut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.to, l.cut = to, cut
	for c := range l.conns {
		if cut {
			c.Close()
		}
	}
}

// carry carries what comes on a connection to the other end and back.
func (l *link) carry(near net.Conn) {
	defer l.forget(near)
	to, ok := l.keep(near)
	if !ok {
		return
	}
	far, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer l.forget(far)
	if _, ok := l.keep(far); !ok {
		return
	}
	go func() {
		defer near.Close()
		io.Copy(near, far)
	}()
	io.Copy(far, near)
}

// keep notes a connection that the link carries, unless it is cut.
func (l *link) keep(c net.Conn) (to string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.cut {
		l.conns[c] = true
	}
	return l.to, !l.cut
}

func (l *link) forget(c net.Conn) {
	c.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, c)
}
