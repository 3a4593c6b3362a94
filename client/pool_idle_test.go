package client

import (
	"crypto/tls"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// What has happened to a connection that waits in the pool.
func TestPoolHandsOutNothingUsed(t *testing.T) {
	for _, tt := range []struct {
		name string
		does func(server *wiretest.Conn)
	}{
		{"end", func(server *wiretest.Conn) { server.Close() }},
		{"reset", func(server *wiretest.Conn) { server.Reset() }},
		{"text", func(server *wiretest.Conn) { io.WriteString(server, "\x81\x02hi") }},
		{"ping", func(server *wiretest.Conn) { io.WriteString(server, "\x89\x00") }},
		{"close", func(server *wiretest.Conn) { io.WriteString(server, "\x88\x02\x03\xe9") }},
		{"half_a_header", func(server *wiretest.Conn) { io.WriteString(server, "\x81") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u, p := newUpstream(t), new(Pool)
				a := u.used(p)
				put(t, p, a)
				tt.does(u.conns[0])
				ended(t, a, true) // nobody has to ask for it before
				b := u.used(p)
				if b == a || len(u.conns) != 2 {
					t.Errorf("%d connections were made", len(u.conns))
				}
				put(t, p, b)
				p.Close()
			})
		})
	}
}

func TestPoolIdleTimeout(t *testing.T) {
	for _, tt := range []struct {
		name       string
		timeout    time.Duration
		before, at time.Duration
		ends       bool
	}{
		{"default", 0, time.Minute - 1, time.Minute, true},
		{"set", time.Hour, time.Hour - 1, time.Hour, true},
		{"none", -1, time.Hour, 1000 * time.Hour, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u, p := newUpstream(t), &Pool{IdleTimeout: tt.timeout}
				c := u.used(p)
				put(t, p, c)
				<-time.After(tt.before)
				ended(t, c, false)
				<-time.After(tt.at - tt.before)
				ended(t, c, tt.ends)
				p.Close()
			})
		})
	}
}

func TestPoolMaxIdle(t *testing.T) {
	for _, tt := range []struct {
		name    string
		maxIdle int
		made    int
		kept    int
	}{
		{"default", 0, 32, 30},
		{"set", 2, 3, 2},
		{"none", -1, 2, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u, p := newUpstream(t), &Pool{MaxIdle: tt.maxIdle}
				var conns []*Conn
				for range tt.made {
					conns = append(conns, u.used(p))
				}
				put(t, p, conns...)
				for i, c := range conns {
					ended(t, c, i < tt.made-tt.kept) // the first have made room
				}
				p.Close()
			})
		})
	}
}

// On sockets, what has arrived a moment ago is seen, with TLS or without.
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
			put(t, p, a)
			b := get()
			if b != a {
				t.Fatal("not used again")
			}
			b.SendString("answer")
			<-sent // nobody has received it
			p.Put(b)
			if c := get(); c == b {
				t.Error("handed out with unread data")
			} else {
				put(t, p, c)
			}
		})
	}
}
