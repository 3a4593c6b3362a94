package client

import (
	"io"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/internal/endpoint"
	"resty.websocket/internal/wiretest"
)

// An idle connection on which the server has done anything is closed.
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
				first := a.conn()
				put(t, p, a)
				tt.does(u.conns[0])
				<-time.After(5 * time.Second) // the time that a closing handshake may take
				ended(t, first, true)         // without a call of Get
				b := u.used(p)
				if b.conn() == first || len(u.conns) != 2 {
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
				waits := c.conn()
				put(t, p, c)
				<-time.After(tt.before)
				ended(t, waits, false)
				<-time.After(tt.at - tt.before)
				ended(t, waits, tt.ends)
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
				var waiting []*endpoint.Conn
				for range tt.made {
					c := u.used(p)
					conns, waiting = append(conns, c), append(waiting, c.conn())
				}
				put(t, p, conns...)
				for i, c := range waiting {
					ended(t, c, i < tt.made-tt.kept) // the first have made room
				}
				p.Close()
			})
		})
	}
}
