// Client speaks with a WebSocket server: each line that is typed becomes a message, and each message that arrives a
// line.
//
//	go run ./examples/client ws://127.0.0.1:8080/s
//	echo hello | client ws://127.0.0.1:8080/s
//	echo '{"id":1}' | client -once -H 'Authorization: Bearer 1234' wss://example.com/api
//
// Lines that begin with a slash are commands:
//
//	/ping [payload]           sends a ping; the pong that answers it is shown
//	/close [code [reason]]    begins the closing handshake
//	//...                     sends a message that begins with a slash
//
// The flags are listed by -h. When its input has ended, it prints the answers until none has come for a second, or for
// the time that -wait says, and closes the connection. On Ctrl-C it closes the connection at once. Everything but messages
// goes to standard error.
//
// The exit status tells how the connection ended:
//
//	0    it was closed without complaint, or -once has got its message
//	1    there was none: the URL or a header field was not valid, the server was not reached, or it refused
//	2    the command line was wrong
//	3    the server closed it with a status code that is neither 1000 nor ours, or -once has got no message
//	4    it was lost, or a peer broke the protocol
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
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
		fmt.Print(usage)
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
