package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"resty.websocket/frame"
	"resty.websocket/server"
)

// serve serves until ctx is done, and then until the last client has answered the goodbye, a second at most.
func serve(ctx context.Context, f flags) error {
	// The listener turns keepalive off, so that Options.KeepAlive alone decides.
	listener, err := (&net.ListenConfig{KeepAlive: -1}).Listen(ctx, "tcp", f.addr)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if f.quiet {
		log = slog.New(slog.DiscardHandler)
	}
	var live sync.RWMutex // each connection holds the read lock while it lasts
	srv := &http.Server{
		Handler:           routes(server.Handler(&f.options, converse(ctx, &live, log))),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute, // of a browser that has the page
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelError),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	fmt.Printf("Open %s (Ctrl-C ends the server)\n", pageURL(listener.Addr()))

	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	srv.Close()
	ended := make(chan struct{})
	go func() { live.Lock(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(time.Second):
	}
	return nil
}

// converse returns what happens on each connection: the echo, and the goodbye when ctx is done before it ends.
func converse(ctx context.Context, live *sync.RWMutex, log *slog.Logger) func(*server.Conn) {
	return func(conn *server.Conn) {
		stop := context.AfterFunc(ctx, func() { conn.SendClose(frame.StatusGoingAway, "the server is shutting down") })
		defer stop()
		live.RLock()
		defer live.RUnlock()

		log := log.With("client", conn.Request().RemoteAddr)
		log.Info("connected", "protocol", conn.Protocol())
		log.Info("ended", "why", echo(conn, log))
	}
}

//go:embed websockets.html
var page string

// routes serves the page and, at /s and below, the socket.
func routes(socket http.Handler) http.Handler {
	mux := http.NewServeMux()
	servePage := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, page)
	}
	mux.HandleFunc("GET /{$}", servePage)
	mux.HandleFunc("GET /websockets.html", servePage)
	mux.Handle("/s", socket)
	mux.Handle("/s/", socket)
	return mux
}

// pageURL is where a browser on this machine finds the page.
func pageURL(addr net.Addr) string {
	host, port, _ := net.SplitHostPort(addr.String())
	if net.ParseIP(host).IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port) + "/"
}
