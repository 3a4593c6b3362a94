package client

import (
	"context"
	"errors"
	"net"
	"net/url"

	"resty.websocket/internal/endpoint"
)

// dial makes the connection underneath: to the proxy if there is one.
func (o *Options) dial(ctx context.Context, to *target, proxy *url.URL) (net.Conn, error) {
	network, addr := to.network, to.addr
	if proxy != nil {
		addr = net.JoinHostPort(proxy.Hostname(), portOf(proxy))
	}
	dial := o.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	nc, err := dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	if nc == nil {
		return nil, errors.New("Options.Dial has returned neither a connection nor an error")
	}
	if inMemory(nc) && to.url.Scheme == "wss" {
		nc.Close()
		return nil, errHandlerTLS
	}
	if err := endpoint.SetSocketOptions(nc, o.KeepAlive, o.WriteBuffer); err != nil {
		nc.Close()
		return nil, err
	}
	return nc, nil
}
