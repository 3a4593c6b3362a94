package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"resty.websocket/client"
	"resty.websocket/handshake"
)

const usage = `Usage: client [flags] URL

Each line of standard input is sent as a text message, and each message that
comes is printed as a line, a binary one in hexadecimal. The URL is ws://, wss://
or ws+unix:/path/of.sock:/path.

    client ws://127.0.0.1:8080/s
    echo hello | client ws://127.0.0.1:8080/s
    echo '{"id":1}' | client -once -H 'Authorization: Bearer 1234' wss://example.com/api

Lines that begin with a slash are commands: /ping [payload], /close [code [reason]],
and //... for a message that begins with a slash.

The request:
  -H 'NAME: VALUE'    send this header field; may be repeated
  -origin ORIGIN      send this Origin, as a browser would, such as https://app.example
  -protocol NAME      offer this subprotocol, or several with commas between, most
                      preferred first; may be repeated
  -deflate            offer compression (permessage-deflate)

The conversation:
  -binary             send the input as it is: all that one read of it returns is one
                      binary message, of 64 KiB at most; print messages as they are,
                      with nothing between them
  -once               end when one message has come; without one, the exit status is 3
  -wait SECONDS       when the input has ended, close the connection when no message
                      has come for so long (default 1, or -1 with -once); -1 waits
                      until the server closes it
  -ping SECONDS       send a ping when nothing has come for so long, and give up when
                      nothing comes for as long again (default 0: never)

Seconds may have a fraction or a unit: 0.5, 500ms, 2m.

TLS, for wss:
  -insecure, -k       do not verify the server's certificate
  -ca FILE            verify it with the authorities in this PEM file, and no others
  -servername NAME    verify it for this name, which the server is also told (SNI)
  -cert FILE          show the server this certificate (PEM)
  -key FILE           the key of that certificate (default: it is in the same file)

The exit status tells how the connection ended:
  0    it was closed without complaint, or -once has got its message
  1    there was none: the URL or a header field was not valid, the server was not
       reached, or it refused
  2    the command line was wrong
  3    the server closed it with a status code that is neither 1000 nor ours, or -once
       has got no message
  4    it was lost, or a peer broke the protocol
`

// flags are what the command line says.
type flags struct {
	url     string
	binary  bool
	once    bool
	ping    time.Duration
	wait    time.Duration // negative: until the server closes
	options client.Options
}

// parseFlags reads the command line. On -h it returns flag.ErrHelp.
func parseFlags(args []string) (f flags, err error) {
	f.options.MaxPayloadLen = -1
	f.options.Header = make(http.Header)
	var tls tlsFlags
	set := flag.NewFlagSet("client", flag.ContinueOnError)
	set.SetOutput(io.Discard) // main prints errors, in one line
	f.define(set)
	tls.define(set)
	switch err := set.Parse(args); {
	case err != nil:
		return f, err
	case set.NArg() != 1:
		return f, fmt.Errorf("want one URL after the flags, got %d arguments", set.NArg())
	case f.ping < 0:
		return f, fmt.Errorf("negative -ping %v", f.ping)
	}
	f.url = set.Arg(0)
	waits := false
	set.Visit(func(given *flag.Flag) { waits = waits || given.Name == "wait" })
	if !waits && f.once {
		f.wait = -1
	}
	f.options.TLSConfig, err = tls.config()
	return f, err
}

// define defines the flags but those of TLS. The constant usage describes them.
func (f *flags) define(set *flag.FlagSet) {
	set.Func("H", "", f.header)
	set.StringVar(&f.options.Origin, "origin", "", "")
	set.Func("protocol", "", f.protocols)
	set.BoolFunc("deflate", "", func(string) error {
		f.options.Deflate = &handshake.Deflate{}
		return nil
	})
	set.BoolVar(&f.binary, "binary", false, "")
	set.BoolVar(&f.once, "once", false, "")
	f.wait = time.Second
	set.Func("wait", "", func(s string) error { return parseSeconds(s, &f.wait) })
	set.Func("ping", "", func(s string) error { return parseSeconds(s, &f.ping) })
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

// protocols takes in a list of subprotocols.
func (f *flags) protocols(list string) error {
	for name := range strings.SplitSeq(list, ",") {
		f.options.Protocols = append(f.options.Protocols, strings.TrimSpace(name))
	}
	return nil
}

// parseSeconds reads a number of seconds, or a duration with its unit.
func parseSeconds(s string, d *time.Duration) (err error) {
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		s += "s"
	}
	if *d, err = time.ParseDuration(s); err != nil {
		return errors.New("want seconds, such as 0.5, 30 or 2m")
	}
	return nil
}
