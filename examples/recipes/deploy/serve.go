package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"resty.websocket/examples/internal/remote"
	"resty.websocket/server"
)

// serve serves until ctx is done, and then until all clients have been told.
func serve(ctx context.Context, listener net.Listener, cfg config) error {
	s := newService(cfg)
	srv := &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return s.drain(srv)
	}
}

// A service is what a process serves.
type service struct {
	cfg     config
	group   server.Group
	leaving atomic.Bool
}

func newService(cfg config) *service { return &service{cfg: cfg} }

func (s *service) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("/ws", s.requireTLS(server.Handler(&server.Options{
		Group:       &s.group,
		Origins:     s.cfg.origins,
		Heartbeat:   s.cfg.heartbeat,
		SendTimeout: 10 * time.Second,
	}, s.talk)))
	return mux
}

// ready tells a balancer whether it may send new clients. It is a path of its own, because a health check of /ws would be
// answered with 400.
func (s *service) ready(w http.ResponseWriter, _ *http.Request) {
	if s.leaving.Load() {
		http.Error(w, "leaving", http.StatusServiceUnavailable)
		return
	}
	io.WriteString(w, "ready\n")
}

// requireTLS refuses clients without TLS. It does not redirect them, because a WebSocket client does not follow.
func (s *service) requireTLS(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.cfg.secure && !remote.Secure(r, s.cfg.trusted) {
			http.Error(w, "use wss", http.StatusForbidden)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// talk tells the client how its request has arrived, and then echoes.
func (s *service) talk(wb *server.Conn) {
	r := wb.Request()
	addr := remote.Addr(r, s.cfg.trusted)
	if wb.SendString("host "+r.Host+", client "+addr.String()) != nil {
		return
	}
	wb.ForgetRequest()
	for {
		data, typ, err := wb.RecvMessage()
		if err != nil || wb.SendMessage(typ, data) != nil {
			return
		}
	}
}

// drain ends the service. Balancers that ask /readyz have the lead to learn that they must send new clients elsewhere.
// Then no more connections are accepted, and all clients are sent a Close frame with 1001, spread over half of the grace.
func (s *service) drain(srv *http.Server) error {
	s.leaving.Store(true)
	time.Sleep(s.cfg.lead)
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.grace)
	defer cancel()
	err := srv.Shutdown(ctx)
	return errors.Join(err, s.group.Shutdown(ctx))
}
