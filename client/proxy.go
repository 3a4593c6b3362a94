package client

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"

	"resty.websocket/handshake"
)

// httpSchemes are the schemes by which a proxy is chosen.
var httpSchemes = map[string]string{"ws": "http", "wss": "https"}

// proxyFor returns the proxy for a target, nil if there is none.
func (o *Options) proxyFor(ctx context.Context, to *target) (*url.URL, error) {
	if to.network == "unix" {
		return nil, nil
	}
	choose := o.Proxy
	if choose == nil {
		choose = http.ProxyFromEnvironment
	}
	u := *to.url
	u.Scheme = httpSchemes[u.Scheme]
	r := &http.Request{Method: http.MethodGet, URL: &u, Host: u.Host, Header: o.Header.Clone()}
	proxy, err := choose(r.WithContext(ctx))
	if err != nil || proxy == nil {
		return nil, err
	}
	switch proxy.Scheme {
	case "http", "https", "socks5", "socks5h":
	default:
		return nil, errors.New("proxy scheme is not http, https, socks5 or socks5h")
	}
	if new(handshake.Client).Check(&url.URL{Scheme: "ws", Host: proxy.Host}) != nil {
		return nil, errors.New("bad host or port of the proxy")
	}
	return proxy, nil
}

// tunnel asks the proxy at the other end of nc to connect to the target. If the
// proxy refuses with an HTTP response, tunnel returns that too.
func (o *Options) tunnel(ctx context.Context, nc net.Conn, proxy *url.URL, to *target) (_ net.Conn, resp *http.Response, err error) {
	if proxy.Scheme == "https" {
		if nc, err = startTLS(ctx, nc, o.proxyTLSConfig(proxy)); err != nil {
			return nil, nil, err
		}
	}
	// A zone is a name of this machine, which the proxy does not know.
	addr := net.JoinHostPort(nameIn(to.url.Host), portOf(to.url))
	switch proxy.Scheme {
	case "http", "https":
		resp, err = connectHTTP(nc, proxy.User, addr)
	default:
		err = connectSOCKS(nc, proxy.User, addr)
	}
	const reason = "failed to connect through the proxy"
	switch {
	case err != nil && resp != nil:
		return nil, resp, &handshake.Error{Status: resp.StatusCode, Reason: reason, Err: err}
	case err != nil:
		return nil, nil, failure(ctx, reason, err)
	}
	return nc, nil, nil
}
