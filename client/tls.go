package client

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"net/url"
	"strings"
)

// http11 is the protocol behind a TLS handshake: RFC 6455 has no HTTP/2.
var http11 = []string{"http/1.1"}

// tlsConfig returns the configuration for TLS with the server of u.
func (o *Options) tlsConfig(u *url.URL) *tls.Config {
	cfg := new(tls.Config)
	if o.TLSConfig != nil {
		cfg = o.TLSConfig.Clone()
	}
	cfg.NextProtos = http11
	if cfg.ServerName == "" {
		cfg.ServerName = nameIn(cmp.Or(o.Host, u.Host))
	}
	return cfg
}

// proxyTLSConfig returns the configuration for TLS with a proxy. Client
// certificates and the names of the server are not for a proxy.
func (o *Options) proxyTLSConfig(proxy *url.URL) *tls.Config {
	cfg := &tls.Config{NextProtos: http11, ServerName: nameIn(proxy.Host)}
	if o.TLSConfig != nil {
		cfg.RootCAs = o.TLSConfig.RootCAs
	}
	return cfg
}

// nameIn returns the host in a host and port, as certificates know it: without
// brackets and without an IPv6 zone. No other host has a percent sign: see
// [handshake.Client.Check].
func nameIn(hostport string) string {
	u := url.URL{Host: hostport}
	name, _, _ := strings.Cut(u.Hostname(), "%")
	return name
}

// startTLS does the TLS handshake on nc.
func startTLS(ctx context.Context, nc net.Conn, cfg *tls.Config) (net.Conn, error) {
	secure := tls.Client(nc, cfg)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, failure(ctx, "ssl handshake failed", err)
	}
	return secure, nil
}
