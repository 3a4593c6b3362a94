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
	"time"

	"resty.websocket/server"
)

// serve serves until ctx is done, and then until the last client has answered
// the goodbye, or a second has passed.
func serve(ctx context.Context, f flags) error {
	listener, err := net.Listen("tcp", f.addr)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if f.quiet {
		log = slog.New(slog.DiscardHandler)
	}
	var group server.Group
	f.options.Group = &group
	srv := &http.Server{
		Handler:           routes(f.handler(log)),
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
		return sayGoodbye(srv, &group)
	}
}

// sayGoodbye ends the server and all connections. It gives the clients a second to answer.
func sayGoodbye(srv *http.Server, group *server.Group) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil {
		return err
	}
	group.Shutdown(ctx) // closes those that have not answered
	return nil
}

// handler returns the handler of the socket.
func (f *flags) handler(log *slog.Logger) http.Handler {
	if f.sessions {
		f.options.Heartbeat = f.options.Timeout
		return server.Sessions(&f.options, func(conn *server.Conn) server.Session {
			return &session{conn, connected(conn, log)}
		})
	}
	return server.Handler(&f.options, func(conn *server.Conn) {
		log := connected(conn, log)
		log.Info("ended", "why", echo(conn, log))
	})
}

// connected logs that a client has connected, and returns its log.
func connected(conn *server.Conn, log *slog.Logger) *slog.Logger {
	log = log.With("client", conn.RemoteAddr())
	log.Info("connected", "protocol", conn.Protocol())
	return log
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
