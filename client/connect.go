package client

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"time"

	"resty.websocket/handshake"
	"resty.websocket/internal/transport"
)

// Connect opens a connection to a URL and does the client's half of the opening
// handshake (RFC 6455, Section 4.1). A nil opts means the defaults. The caller
// must close the connection.
//
//	ws://host:port/path?query
//	wss://user:password@host/             TLS; Basic credentials
//	ws://[fe80::1%25eth0]:8080/           IPv6, with a zone
//	ws+unix:/path/of.sock:/path?query     a Unix socket
//
// If the URL has no port, it is 80, or 443 for wss. A URL is refused before
// anything is dialled if it has a fragment or a control character, such as CR or
// LF, or a percent sign in its host that does not begin an IPv6 zone.
//
// The response is the server's, with the status line and header of its 101.
// If the handshake is refused there is a response too. Up to 4 KiB of its body are
// in memory, as much as came within a second of the header; the body needs no
// closing. If the proxy refuses, the response is the proxy's. Redirects are not
// followed. The error is a [*handshake.Error], whose Status is that of the response.
//
// ctx bounds Connect alone: when it is done meanwhile, Connect returns at once
// with the context's cause wrapped in the error. If a refusal's header has been read
// by then, Connect returns the refusal instead, with as much of the body as has come.
// Nothing is left open after an error.
func Connect(ctx context.Context, url string, opts *Options) (*Conn, *http.Response, error) {
	if opts == nil {
		opts = new(Options)
	}
	to, err := parseURL(url)
	if err != nil {
		return nil, nil, err
	}
	if err := opts.handshake().Check(to.url); err != nil {
		return nil, nil, err
	}
	proxy, err := opts.proxyFor(ctx, to)
	if err != nil {
		return nil, nil, failure(ctx, "failed to connect", err)
	}
	socket, err := opts.dial(ctx, to, proxy)
	if err != nil {
		return nil, nil, failure(ctx, "failed to connect", err)
	}
	return opts.openWithin(ctx, socket, to, proxy)
}

// openWithin is open with ctx as a bound. It closes socket unless it returns a Conn,
// also if one of the TLSConfig's functions panics.
func (o *Options) openWithin(ctx context.Context, socket net.Conn, to *target, proxy *url.URL) (c *Conn, resp *http.Response, err error) {
	stop := context.AfterFunc(ctx, func() { transport.Abort(socket) })
	defer func() {
		if c == nil {
			stop()
			transport.Abort(socket)
		}
	}()
	c, resp, err = o.open(ctx, socket, to, proxy)
	if err == nil && !stop() {
		return nil, nil, failure(ctx, "failed to connect", nil)
	}
	return c, resp, err
}

// open makes a WebSocket connection of socket. The end of ctx does not bound all of
// its waits; the end of socket does.
func (o *Options) open(ctx context.Context, socket net.Conn, to *target, proxy *url.URL) (*Conn, *http.Response, error) {
	nc := socket
	if proxy != nil && !(o.Proxy == nil && inMemory(nc)) {
		var resp *http.Response
		var err error
		if nc, resp, err = o.tunnel(ctx, nc, proxy, to); err != nil {
			return nil, resp, err
		}
	}
	if to.url.Scheme == "wss" {
		var err error
		if nc, err = startTLS(ctx, nc, o.tlsConfig(to.url)); err != nil {
			return nil, nil, err
		}
	}
	result, err := o.handshake().Upgrade(nc, to.url)
	resp := result.Response
	switch {
	case err != nil && resp == nil && ctx.Err() != nil:
		return nil, nil, failure(ctx, "failed to connect", err)
	case err != nil:
		return nil, resp, err
	}
	cfg := o.endpoint()
	c := &Conn{response: resp, protocol: result.Protocol}
	c.endpoint.Store(cfg.Settle().New(nc, result.Deflate, result.Early))
	return c, resp, nil
}

// failure returns the error of Connect for err. If ctx is done, its cause takes the
// place of err, which followed from it.
func failure(ctx context.Context, reason string, err error) error {
	// The timer that a dialler has for the context's deadline may go off a moment
	// before the context's own.
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		<-ctx.Done()
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return &handshake.Error{Reason: reason, Err: err}
}
