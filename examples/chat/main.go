package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"resty.websocket/server"
)

func main() {
	config, err := parseFlags(os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		os.Exit(2) // package flag has said why
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	if err := run(ctx, config); err != nil {
		fmt.Fprintf(os.Stderr, "chat: %v\n", err)
		os.Exit(1)
	}
}

// run runs a node until ctx is done.
func run(ctx context.Context, c config) error {
	n, err := start(c)
	if err != nil {
		return err
	}
	fmt.Printf("Open http://%s/ (Ctrl-C ends the node)\n", n.listener.Addr())
	select {
	case err = <-n.failed:
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.Background(), c.drain)
	defer cancel()
	return errors.Join(err, n.stop(drain))
}

// A config is what the command line says.
type config struct {
	addr      string
	nats      string
	cluster   string
	advertise string
	routes    string
	quorum    int
	slow      server.SlowPolicy
	heartbeat time.Duration
	drain     time.Duration
}

func parseFlags(args []string) (c config, err error) {
	set := flag.NewFlagSet("chat", flag.ContinueOnError)
	set.StringVar(&c.addr, "addr", "127.0.0.1:8080", "serve the page and its socket at this `host:port`")
	set.StringVar(&c.nats, "nats", "", "join the nodes at this NATS cluster, such as `nats://a,nats://b`, and embed no server")
	set.StringVar(&c.cluster, "cluster", "", "listen at this `host:port` for the NATS servers of other nodes")
	set.StringVar(&c.advertise, "advertise", "", "`host:port` at which other nodes reach -cluster, if it is another")
	set.StringVar(&c.routes, "routes", "", "join these nodes' -cluster, such as `nats://a:6222,nats://b:6222`; one that is there is enough")
	set.IntVar(&c.quorum, "quorum", 1, "take messages only while so many `nodes` are there, this one among them")
	skip := set.Bool("skip-slow", false, "let a slow client miss messages, instead of closing its connection")
	set.DurationVar(&c.heartbeat, "heartbeat", 25*time.Second, "ping a client that was silent for this `duration`")
	set.DurationVar(&c.drain, "drain", 10*time.Second, "give the clients this `duration` to go elsewhere at the end")
	if err := set.Parse(args); err != nil {
		return c, err
	}
	if *skip {
		c.slow = server.SkipSlow
	}
	switch {
	case set.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", set.Arg(0))
	case c.nats != "" && c.cluster != "":
		err = errors.New("-nats and -cluster exclude each other")
	case c.cluster == "" && c.routes+c.advertise != "":
		err = errors.New("-routes and -advertise need -cluster")
	}
	if err != nil {
		fmt.Fprintf(set.Output(), "chat: %v; chat -h lists the flags\n", err)
	}
	return c, err
}
