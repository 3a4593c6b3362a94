// Echo serves a WebSocket that sends back what it is sent, and a page to try
// it with.
//
//	go run ./examples/echo
//
// Open the URL that it prints. Ctrl-C says goodbye to every client and ends it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"resty.websocket/handshake"
	"resty.websocket/server"
)

func main() {
	flags, err := parseFlags(os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		fmt.Fprintf(os.Stderr, "echo: %v; echo -h lists the flags\n", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	if err := serve(ctx, flags); err != nil {
		fmt.Fprintf(os.Stderr, "echo: %v\n", err)
		os.Exit(1)
	}
}

// flags are what the command line says.
type flags struct {
	addr     string
	sessions bool
	quiet    bool
	options  server.Options
}

// parseFlags reads the command line. On -h it prints the flags and returns
// flag.ErrHelp.
func parseFlags(args []string) (f flags, err error) {
	o := &f.options
	o.Protocols = []string{"echo"}
	o.KeepAlive = net.KeepAliveConfig{Enable: true, Idle: 2 * time.Second, Interval: 2 * time.Second, Count: 8}

	set := flag.NewFlagSet("echo", flag.ContinueOnError)
	set.SetOutput(io.Discard) // main prints errors, in one line
	set.StringVar(&f.addr, "addr", "127.0.0.1:8080", "listen on this `host:port`")
	set.DurationVar(&o.Timeout, "timeout", 5*time.Second,
		"ping a client that was silent for this `duration`, and give up a send that takes as long; 0 means for ever")
	set.IntVar(&o.MaxPayloadLen, "max-payload-len", 65535,
		"largest payload of a frame, in `bytes`; negative means no limit")
	set.Func("keepalive", "TCP keepalive: on, off or `idle:interval:count` (default 2s:2s:8)",
		func(s string) (err error) { o.KeepAlive, err = parseKeepAlive(s); return err })
	compress := set.Bool("deflate", false, "compress messages, for clients that offer permessage-deflate")
	set.BoolVar(&f.sessions, "sessions", false,
		"serve by callbacks, so that a silent client takes no goroutine; fragments come back as whole messages")
	set.BoolVar(&f.quiet, "quiet", false, "log nothing")

	switch err := set.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		set.SetOutput(os.Stdout)
		set.Usage()
		return f, err
	case err != nil:
		return f, err
	case set.NArg() > 0:
		return f, fmt.Errorf("unexpected argument %q", set.Arg(0))
	case o.Timeout < 0:
		return f, fmt.Errorf("negative -timeout %v", o.Timeout)
	}
	if *compress {
		o.Deflate = new(handshake.Deflate)
		o.MaxMessageLen = o.MaxPayloadLen // more could not be sent back
	}
	return f, nil
}
