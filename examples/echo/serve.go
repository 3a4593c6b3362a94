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

// serve serves until ctx is done, and then until the last client has answered
// the goodbye.
func serve(ctx context.Context, f flags) error {
	listener, err := net.Listen("tcp", f.addr)
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
		IdleTimeout:       time.Minute,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelError),
	}
	defer srv.Close()
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	fmt.Printf("Open %s (Ctrl-C ends the server)\n", pageURL(listener.Addr()))

	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		listener.Close()
		awaitEnd(&live)
		return nil
	}
}

// awaitEnd waits for the last connection to end, but no longer than a second.
func awaitEnd(live *sync.RWMutex) {
	ended := make(chan struct{})
	go func() { live.Lock(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(time.Second):
	}
}

// converse returns what is done with each connection: the echo, and the goodbye
// when ctx is done before it ends.
func converse(ctx context.Context, live *sync.RWMutex, log *slog.Logger) func(*server.Conn) {
	return func(conn *server.Conn) {
		goodbye := func() { conn.SendClose(frame.StatusGoingAway, "the server is shutting down") }
		defer context.AfterFunc(ctx, goodbye)()
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
