//go:build unix

package client

import (
	"crypto/tls"
	"io"
	"net"
	"syscall"
	"testing"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// Bytes that have just arrived at a socket are noticed, with TLS or without.
func TestPoolSockets(t *testing.T) {
	ca := newAuthority(t)
	opts := &Options{TLSConfig: &tls.Config{RootCAs: ca.roots}}
	for _, scheme := range []string{"ws", "wss"} {
		t.Run(scheme, func(t *testing.T) {
			wiretest.NoLeaks(t)
			sent := make(chan bool)
			serve := accepting(t, func(nc net.Conn) {
				frames := frame.NewReader(nc, frame.Server, 0)
				for {
					f, err := frames.ReadFrame()
					if err != nil || f.Opcode == frame.Close {
						nc.Close()
						return
					}
					if string(f.Payload) == "answer" {
						io.WriteString(nc, "\x81\x02hi")
					}
					sent <- true
				}
			})
			if scheme == "wss" {
				serve = secured(&tls.Config{Certificates: []tls.Certificate{ca.forServer()}}, serve)
			}
			p := new(Pool)
			defer p.Close()
			to := scheme + "://" + listenTCP(t, serve)
			get := func() *Conn {
				c, _, err := p.Get(t.Context(), to, opts)
				if err != nil {
					t.Fatal(err)
				}
				return c
			}
			a := get()
			a.SendString("answer")
			<-sent
			if data, _, err := a.RecvMessage(); string(data) != "hi" || err != nil {
				t.Fatalf("%q, %v", data, err)
			}
			first := a.conn()
			put(t, p, a)
			b := get()
			if b.conn() != first {
				t.Fatal("not used again")
			}
			b.SendString("answer")
			<-sent
			awaitArrival(t, b.NetConn()) // b does not receive it
			if p.Put(b) == nil {
				t.Error("taken back with unread data")
			}
			c := get()
			if c.conn() == first {
				t.Error("handed out with unread data")
			}
			put(t, p, c)
		})
	}
}

// awaitArrival waits until the kernel has bytes for nc, and leaves them there.
func awaitArrival(t *testing.T, nc net.Conn) {
	t.Helper()
	if above, ok := nc.(interface{ NetConn() net.Conn }); ok {
		nc = above.NetConn()
	}
	raw, err := nc.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	err = raw.Read(func(fd uintptr) bool {
		_, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK)
		return err != syscall.EAGAIN
	})
	if err != nil {
		t.Fatal(err)
	}
}
