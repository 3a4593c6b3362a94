package client

import (
	"cmp"
	"net"
	"net/url"
	"strings"

	"resty.websocket/handshake"
)

// A target is what a URL leads to.
type target struct {
	url     *url.URL // what to ask for; its scheme is ws or wss
	network string   // "tcp" or "unix"
	addr    string   // host and port, or the path of a socket
}

// parseURL parses a ws, wss or ws+unix URL. It is left to [handshake.Client] to
// check the parts of the result; here is what gets lost on the way to it.
func parseURL(raw string) (*target, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil: // without its text, which may quote a password
		return nil, badURL
	case strings.Contains(raw, "#"): // be it with nothing behind
		return nil, badURL
	case u.Scheme == "ws+unix":
		return unixTarget(u)
	}
	return &target{url: u, network: "tcp", addr: net.JoinHostPort(u.Hostname(), portOf(u))}, nil
}

// unixTarget takes a ws+unix URL apart: the path of the socket, which is
// percent-encoded where it has a colon, and behind a colon the path to ask for.
func unixTarget(u *url.URL) (*target, error) {
	socket, resource, _ := strings.Cut(u.EscapedPath(), ":")
	path, err := url.PathUnescape(socket)
	if err != nil || path == "" || strings.Contains(path, "\x00") || u.Host != "" || resource != "" && resource[0] != '/' {
		return nil, badURL
	}
	asked, err := url.Parse("ws://localhost" + resource)
	if err != nil {
		return nil, badURL
	}
	asked.User, asked.RawQuery = u.User, u.RawQuery
	return &target{url: asked, network: "unix", addr: path}, nil
}

// defaultPorts are those of the schemes of servers and proxies.
var defaultPorts = map[string]string{
	"ws": "80", "wss": "443", // RFC 6455, Section 3
	"http": "80", "https": "443",
	"socks5": "1080", "socks5h": "1080", // RFC 1928, Section 3
}

// portOf returns the port of u, or the default one of its scheme.
func portOf(u *url.URL) string {
	return cmp.Or(u.Port(), defaultPorts[u.Scheme])
}

var badURL = &handshake.Error{Reason: "bad websocket uri", Section: "RFC 6455, Section 3"}
