// Tunnel carries TCP connections through WebSockets, and so through proxies that pass HTTP alone. One end runs beside the
// service and connects to it:
//
//	go run ./examples/recipes/tunnel -serve 127.0.0.1:8080 -to 127.0.0.1:22
//
// The other runs beside the client, and listens for it:
//
//	go run ./examples/recipes/tunnel -listen 127.0.0.1:2222 ws://127.0.0.1:8080/
//
// All who reach the first end reach the service. One of the ways of examples/recipes/auth belongs before it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/server"
)

func main() {
	serve := flag.String("serve", "", "accept WebSockets on this `host:port`")
	to := flag.String("to", "", "connect each of them to this `host:port`")
	listen := flag.String("listen", "", "accept TCP connections on this `host:port`, for the URL of the other end")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	switch {
	case *serve != "" && *to != "" && *listen == "" && flag.NArg() == 0:
		err = listenAnd(ctx, *serve, func(l net.Listener) error { return serveTunnel(ctx, l, *to) })
	case *listen != "" && *serve == "" && *to == "" && flag.NArg() == 1:
		err = listenAnd(ctx, *listen, func(l net.Listener) error { return enterTunnel(ctx, l, flag.Arg(0)) })
	default:
		err = errors.New("either -serve and -to, or -listen and a URL")
	}
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "tunnel:", err)
		os.Exit(1)
	}
}

// listenAnd calls f with a listener that is closed when ctx is done.
func listenAnd(ctx context.Context, addr string, f func(net.Listener) error) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { l.Close() })()
	fmt.Printf("Listening on %s\n", l.Addr())
	return f(l)
}

// heartbeat keeps proxies between the two ends from closing a connection that is silent.
const heartbeat = 25 * time.Second

// serveTunnel connects each WebSocket to a TCP address.
func serveTunnel(ctx context.Context, l net.Listener, to string) error {
	handler := server.Handler(&server.Options{Heartbeat: heartbeat}, func(wb *server.Conn) {
		var d net.Dialer
		nc, err := d.DialContext(ctx, "tcp", to)
		if err != nil {
			wb.SendClose(frame.StatusInternalError, "the service cannot be reached")
			return
		}
		join(ctx, wb, nc)
	})
	return (&http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}).Serve(l)
}

// enterTunnel connects each TCP connection to a WebSocket.
func enterTunnel(ctx context.Context, l net.Listener, url string) error {
	for {
		nc, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			wb, _, err := client.Connect(ctx, url, &client.Options{Heartbeat: heartbeat})
			if err != nil {
				fmt.Fprintln(os.Stderr, "tunnel:", err)
				nc.Close()
				return
			}
			join(ctx, wb, nc)
		}()
	}
}
