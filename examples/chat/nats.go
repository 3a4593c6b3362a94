package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// pingEvery is how often each link of NATS is tested. Two Pings without an answer end it, and
// with it what still waits to be sent.
const pingEvery = time.Second

// connect connects to the cluster at url. It goes on trying forever, also if there is
// none at first. Messages are not kept meanwhile: they would be sent late.
func connect(url string, options ...nats.Option) (*nats.Conn, error) {
	return nats.Connect(url, append(options,
		nats.Name("chat"),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250*time.Millisecond),
		nats.ReconnectJitter(250*time.Millisecond, 250*time.Millisecond),
		nats.ReconnectBufSize(-1),
		nats.PingInterval(pingEvery),
		nats.FlusherTimeout(2*pingEvery),
		nats.ReconnectHandler(func(*nats.Conn) { slog.Info("NATS is back") }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				slog.Warn("NATS is away", "err", err)
			}
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { slog.Error("NATS", "err", err) }),
	)...)
}

// embed starts a NATS server in this process, and connects to it. With -cluster it forms a
// cluster with the servers of other nodes.
func embed(c config) (*natsserver.Server, *nats.Conn, error) {
	opts := &natsserver.Options{DontListen: true, NoSigs: true, PingInterval: pingEvery}
	if c.cluster != "" {
		cluster, err := clusterOptions(c)
		if err != nil {
			return nil, nil, err
		}
		opts.Cluster = cluster
		if c.routes != "" {
			opts.Routes = natsserver.RoutesFromStr(c.routes)
		}
		// A server of a cluster listens for clients, too.
		opts.DontListen, opts.Host, opts.Port = false, "127.0.0.1", natsserver.RANDOM_PORT
	}
	s, err := natsserver.NewServer(opts)
	if err != nil {
		return nil, nil, err
	}
	s.SetLogger(natsLog{}, false, false)
	s.Start()
	if !s.ReadyForConnections(5 * time.Second) {
		s.Shutdown()
		return nil, nil, errors.New("the embedded NATS server does not start")
	}
	conn, err := connect("", nats.InProcessServer(s))
	if err != nil {
		s.Shutdown()
	}
	return s, conn, err
}

func clusterOptions(c config) (o natsserver.ClusterOpts, err error) {
	host, port, err := net.SplitHostPort(c.cluster)
	if err != nil {
		return o, fmt.Errorf("-cluster: %w", err)
	}
	o.Name, o.Host, o.Advertise = "chat", host, c.advertise
	o.PingInterval, o.MaxPingsOut = pingEvery, 2
	o.ConnectRetries = 3600 // to nodes that others have told of, about once in a second
	if o.Port, err = strconv.Atoi(port); err != nil {
		return o, fmt.Errorf("-cluster: %w", err)
	}
	o.Port = cmp.Or(o.Port, natsserver.RANDOM_PORT)
	return o, nil
}

// natsLog passes on what the embedded server has to say.
type natsLog struct{}

func (natsLog) Noticef(string, ...any) {}
func (natsLog) Debugf(string, ...any)  {}
func (natsLog) Tracef(string, ...any)  {}
func (natsLog) Warnf(format string, args ...any) {
	slog.Warn(line(format, args), "from", "nats-server")
}
func (natsLog) Errorf(format string, args ...any) {
	slog.Error(line(format, args), "from", "nats-server")
}
func (natsLog) Fatalf(format string, args ...any) {
	slog.Error(line(format, args), "from", "nats-server")
}

func line(format string, args []any) string { return strings.TrimSpace(fmt.Sprintf(format, args...)) }
