// Deploy serves a WebSocket as it is served in production: behind nginx, HAProxy or a cloud's balancer, and under
// Kubernetes. README.md goes through what that takes.
//
//	go run ./examples/recipes/deploy
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	cfg, err := parseFlags(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		os.Exit(2) // the flag set has printed it
	}
	if err := listen(cfg); err != nil {
		fmt.Fprintln(os.Stderr, "deploy:", err)
		os.Exit(1)
	}
}

// listen serves until the process is told to end. Kubernetes tells it by SIGTERM.
func listen(cfg config) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := net.Listen("tcp", cfg.addr)
	if err != nil {
		return err
	}
	fmt.Printf("Listening on %s\n", listener.Addr())
	return serve(ctx, listener, cfg)
}

// A config is what the command line says.
type config struct {
	addr      string
	origins   []string
	trusted   []netip.Prefix
	secure    bool
	heartbeat time.Duration
	lead      time.Duration
	grace     time.Duration
}

func parseFlags(args []string) (cfg config, err error) {
	set := flag.NewFlagSet("deploy", flag.ContinueOnError)
	set.StringVar(&cfg.addr, "addr", "127.0.0.1:8080", "listen on this `host:port`")
	set.Func("origin", "accept pages of this further `origin`, https://app.example for instance; may be repeated",
		func(s string) error { cfg.origins = append(cfg.origins, s); return nil })
	set.Func("trust", "believe the X-Forwarded fields of proxies in these `networks`, 10.0.0.0/8,fd00::/8 for instance",
		func(s string) (err error) { cfg.trusted, err = parseNetworks(s); return err })
	set.BoolVar(&cfg.secure, "secure", false, "refuse clients without TLS; it needs -trust if a proxy takes TLS off")
	set.DurationVar(&cfg.heartbeat, "heartbeat", 25*time.Second, "ping clients that are silent for this `duration`")
	set.DurationVar(&cfg.lead, "lead", 0, "at the end, fail /readyz for this `duration` before refusing connections")
	set.DurationVar(&cfg.grace, "grace", 20*time.Second, "at the end, say goodbye to all clients within this `duration`")
	if err = set.Parse(args); err == nil && set.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", set.Arg(0))
		fmt.Fprintln(set.Output(), err)
	}
	return cfg, err
}

func parseNetworks(list string) (networks []netip.Prefix, err error) {
	for s := range strings.SplitSeq(list, ",") {
		network, err := netip.ParsePrefix(strings.TrimSpace(s))
		if err != nil {
			return nil, err
		}
		networks = append(networks, network)
	}
	return networks, nil
}
