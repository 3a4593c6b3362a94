package client

import (
	"cmp"
	"net"
	"net/url"
	"strings"

	"resty.websocket/handshake"
)

// A target is the server and the resource that a URL names.
type target struct {
	url     *url.URL // of the request; its scheme is ws or wss
	network string   // "tcp" or "unix"
	addr    string   // host and port, or the path of a socket
}

// parseURL parses a ws, wss or ws+unix URL. [handshake.Client.Check] checks the
// parts of the result; parseURL refuses only what the result does not show.
func parseURL(raw string) (*target, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil: // the text of err may quote a password
		return nil, badURI("bad syntax")
	case strings.Contains(raw, "#"): // the URL does not show an empty fragment
		return nil, badURI("fragment")
	case u.Scheme == "ws+unix":
		return unixTarget(u)
	case strings.EqualFold(u.Host, "unix:"): // a socket in lua-resty-websocket's form
		return nil, badURI("a Unix socket's has the form ws+unix:" + u.EscapedPath())
	}
	return &target{url: u, network: "tcp", addr: net.JoinHostPort(u.Hostname(), portOf(u))}, nil
}

// unixTarget returns the target of a ws+unix URL. Its path is that of the socket,
// in which a colon is percent-encoded, and behind a colon that of the request.
func unixTarget(u *url.URL) (*target, error) {
	socket, resource, _ := strings.Cut(u.EscapedPath(), ":")
	path, err := url.PathUnescape(socket)
	switch {
	case u.Host != "":
		return nil, badURI("a Unix socket has no host")
	case err != nil || path == "" || strings.Contains(path, "\x00"):
		return nil, badURI("bad path of a Unix socket")
	case resource != "" && resource[0] != '/':
		return nil, badURI("bad resource name")
	}
	asked, err := url.Parse("ws://localhost" + resource)
	if err != nil {
		return nil, badURI("bad resource name")
	}
	asked.User, asked.RawQuery = u.User, u.RawQuery
	return &target{url: asked, network: "unix", addr: path}, nil
}

// defaultPorts are the ports of the schemes of servers and proxies.
var defaultPorts = map[string]string{
	"ws": "80", "wss": "443", // RFC 6455, Section 3
	"http": "80", "https": "443",
	"socks5": "1080", "socks5h": "1080", // RFC 1928, Section 3
}

// portOf returns the port of u, or the default one of its scheme.
func portOf(u *url.URL) string {
	return cmp.Or(u.Port(), defaultPorts[u.Scheme])
}

// badURI returns the error for a URL that is refused for reason.
func badURI(reason string) error {
	return &handshake.Error{Reason: "bad websocket uri: " + reason, Section: "RFC 6455, Section 3"}
}
