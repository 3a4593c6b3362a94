package main

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"resty.websocket/server"
)

// A node serves clients, and shares the rooms with the other nodes.
type node struct {
	config   config
	listener net.Listener
	http     *http.Server
	failed   chan error // of http
	clients  server.Group
	rooms    *rooms
	bus      *bus
	conn     *nats.Conn
	embedded *natsserver.Server // nil with -nats
	refused  atomic.Uint64      // messages
}

// start starts a node, which serves until stop.
func start(c config) (*node, error) {
	n := &node{config: c, failed: make(chan error, 1)}
	var err error
	if n.listener, err = net.Listen("tcp", c.addr); err != nil {
		return nil, err
	}
	if err := n.join(); err != nil {
		n.listener.Close()
		return nil, err
	}
	n.http = &http.Server{
		Handler:           n.routes(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelError),
	}
	go func() { n.failed <- n.http.Serve(n.listener) }()
	return n, nil
}

// join connects the node to the others.
func (n *node) join() (err error) {
	if n.config.nats != "" {
		n.conn, err = connect(n.config.nats)
	} else {
		n.embedded, n.conn, err = embed(n.config)
	}
	if err != nil {
		return err
	}
	n.rooms = &rooms{node: n.listener.Addr().String(), slow: n.config.slow, bySubject: make(map[string]*room)}
	n.bus, err = newBus(n.conn, n.config.quorum, n.rooms.deliver)
	n.rooms.bus = n.bus
	return err
}

// stop takes no more clients, and sends those that are there to other nodes. It spreads
// that over half of the time that ctx has, so that they do not all come there at once.
// Then it takes leave of the other nodes.
func (n *node) stop(ctx context.Context) error {
	err := n.http.Shutdown(ctx)
	err = errors.Join(err, n.clients.Shutdown(ctx))
	n.bus.close()
	n.leave()
	return err
}

// leave ends the connection to the other nodes.
func (n *node) leave() {
	n.conn.Close()
	if n.embedded != nil {
		n.embedded.Shutdown()
		n.embedded.WaitForShutdown()
	}
}

//go:embed page.html
var page []byte

func (n *node) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page)
	})
	mux.Handle("GET /ws", n.socket())
	mux.HandleFunc("GET /healthz", n.health)
	mux.HandleFunc("GET /metrics", n.metrics)
	return mux
}
