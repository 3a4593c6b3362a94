package client

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
)

// DialHandler returns a function for Options.Dial that connects to h in memory, for
// tests of both sides without a port: package net/http serves each connection. The
// function may be called in a bubble of [testing/synctest], in which the clock is then
// that of the bubble. If h is nil, [http.DefaultServeMux] is used.
//
// A connection has deadlines, and holds 64 KiB in each direction that are written and
// not yet read, or as many as Options.WriteBuffer says. The network and the address do
// not matter. The URL must be ws, since there is no TLS, and the proxy of the
// environment is not used. In the handler, RemoteAddr is a *net.TCPAddr of the network
// 192.0.2.0/24, which RFC 5737 has for such purposes, with another port for each
// connection.
//
// If the handler returns without having opened a WebSocket connection, or if either
// side closes the connection, nothing is left of it: no goroutine and no timer.
func DialHandler(h http.Handler) func(ctx context.Context, network, addr string) (net.Conn, error) {
	s := &http.Server{Handler: h}
	s.SetKeepAlivesEnabled(false) // the end of the request is that of the connection
	var dialled atomic.Uint32
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		// The ports that are not for servers.
		port := 1024 + (dialled.Add(1)-1)%(1<<16-1024)
		clientAddr := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: int(port)}
		own, accepted := handlerPipe(clientAddr, handlerAddr{network, addr})
		s.Serve(&oneListener{conn: accepted}) // returns at once
		return own, nil
	}
}

// A oneListener accepts one connection. Then it ends.
type oneListener struct{ conn *handlerConn }

func (l *oneListener) Accept() (net.Conn, error) {
	conn := l.conn
	if conn == nil {
		return nil, io.EOF
	}
	l.conn = nil
	return conn, nil
}

func (*oneListener) Close() error   { return nil }
func (*oneListener) Addr() net.Addr { return handlerAddr{} }

// A handlerAddr is the address that was dialled.
type handlerAddr struct{ network, addr string }

func (a handlerAddr) Network() string { return a.network }
func (a handlerAddr) String() string  { return a.addr }

var errHandlerTLS = errors.New("DialHandler has no TLS: the URL's scheme must be ws")

// inMemory reports whether nc is a connection to the handler of DialHandler.
func inMemory(nc net.Conn) bool {
	_, ok := nc.(*handlerConn)
	return ok
}
