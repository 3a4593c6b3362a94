// Client speaks with a WebSocket server: each line that is typed becomes a message, and each message that arrives a
// line.
//
//	go run ./examples/client ws://127.0.0.1:8080/s
//	echo '{"id":1}' | client -once -H 'Authorization: Bearer 1234' wss://example.com/api
//
// Lines that begin with a slash are commands:
//
//	/ping [payload]           sends a ping; the pong that answers it is shown
//	/close [code [reason]]    begins the closing handshake
//	//...                     sends a message that begins with a slash
//
// At the end of its input, and on Ctrl-C, it closes the connection; messages that still come are printed. What is not a
// message goes to standard error. The exit status tells how it ended:
//
//	0    the connection was closed without complaint, or -once has got its message
//	1    there was no connection: the URL or a header field was not valid, the server was not reached, or it refused
//	2    the command line was wrong
//	3    the server closed the connection, with a status code that is neither 1000 nor ours, or before -once had its message
//	4    the connection was lost, or ended because a peer broke the protocol
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"resty.websocket/client"
)

// The exit statuses.
const (
	ended       = 0
	unconnected = 1
	misused     = 2
	dismissed   = 3
	lost        = 4
)

func main() {
	flags, err := parseFlags(os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		complain(err, "; client -h lists the flags")
		os.Exit(misused)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	os.Exit(run(ctx, flags))
}

// note prints what is not a message.
func note(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func complain(err error, advice string) { note("client: %v%s", err, advice) }

// flags are what the command line says.
type flags struct {
	url     string
	binary  bool
	once    bool
	ping    time.Duration
	options client.Options
}

const usage = `Usage: client [flags] URL
The URL is ws://, wss:// or ws+unix:/path/of.sock:/path.
Each line of input is sent as a message, except /ping [payload] and /close [code [reason]].
`

// parseFlags reads the command line. On -h it prints the flags and returns flag.ErrHelp.
func parseFlags(args []string) (f flags, err error) {
	f.options.MaxPayloadLen = -1
	f.options.Header = make(http.Header)
	set := flag.NewFlagSet("client", flag.ContinueOnError)
	set.SetOutput(io.Discard) // main prints errors, in one line
	set.Usage = func() {
		fmt.Fprint(set.Output(), usage)
		set.PrintDefaults()
	}
	set.BoolVar(&f.binary, "binary", false, "send binary messages, and print them as they are instead of in hexadecimal")
	set.Func("H", "send this header field, as in `'Name: value'`; may be repeated", f.header)
	set.Func("subprotocol", "offer this subprotocol, by `name`; may be repeated, most preferred first", func(name string) error {
		f.options.Protocols = append(f.options.Protocols, name)
		return nil
	})
	set.StringVar(&f.options.Origin, "origin", "", "send this `origin`, as a browser would")
	insecure := set.Bool("insecure", false, "do not verify the server's certificate")
	set.DurationVar(&f.ping, "ping", 0, "send a ping when nothing has come for this `duration`, such as 30s, and give up when nothing comes for as long again; 0 means never")
	set.BoolVar(&f.once, "once", false, "end when one message has come")

	switch err := set.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		set.SetOutput(os.Stdout)
		set.Usage()
		return f, err
	case err != nil:
		return f, err
	case set.NArg() != 1:
		return f, fmt.Errorf("want one URL after the flags, got %d arguments", set.NArg())
	case f.ping < 0:
		return f, fmt.Errorf("negative -ping %v", f.ping)
	}
	f.url = set.Arg(0)
	f.options.TLSConfig = &tls.Config{InsecureSkipVerify: *insecure}
	return f, nil
}

// header takes in a header field.
func (f *flags) header(line string) error {
	name, value, ok := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	switch {
	case !ok:
		return errors.New("want 'Name: value'")
	case strings.EqualFold(name, "Host"):
		f.options.Host = value
	default:
		f.options.Header.Add(name, value)
	}
	return nil
}
