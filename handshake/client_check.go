package handshake

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"resty.websocket/internal/http1"
)

// checkURL returns what is wrong with u. It does not quote u, which may hold a
// password.
func checkURL(u *url.URL) string {
	switch {
	case u.Scheme != "ws" && u.Scheme != "wss":
		return "scheme is not ws or wss"
	case !validPort(u.Port()):
		return "bad port number"
	case !validHost(u.Host):
		return "bad host"
	case u.Fragment != "":
		// "Fragment identifiers are meaningless in the context of WebSocket URIs
		// and MUST NOT be used on these URIs."
		return "fragment"
	case u.Opaque != "" || !isVisible(u.RequestURI()) || u.RequestURI()[0] != '/':
		return "bad resource name"
	case !validUser(u.User):
		return "bad user information"
	}
	return ""
}

// checkFields returns what is wrong with the fields of c.
func (c *Client) checkFields() string {
	for i, protocol := range c.Protocols {
		switch {
		case !isToken(protocol):
			return "bad subprotocol: " + http1.Printable(protocol) + ": not a token"
		case slices.Contains(c.Protocols[:i], protocol):
			return "bad subprotocol: " + http1.Printable(protocol) + ": repeated"
		}
	}
	if problem := badHeader(c.Header, reservedInRequest); problem != "" {
		return "bad request header: " + problem
	}
	if problem := c.Deflate.problem(); problem != "" {
		return badDeflate + problem
	}
	switch {
	case c.Origin != "" && !isVisible(c.Origin):
		return "bad Origin: " + http1.Printable(c.Origin)
	case c.Host != "" && !validHost(c.Host):
		return "bad Host: " + http1.Printable(c.Host)
	case c.Key != "" && !validKey(c.Key):
		return "bad Sec-WebSocket-Key: not 16 bytes in base64"
	}
	return ""
}

// validHost reports whether host is an ASCII name or an IP address, with a port
// or without (RFC 3986, Section 3.2). A percent sign is valid in the zone of an
// IPv6 address alone: elsewhere the part before it could be taken for the host.
func validHost(host string) bool {
	if literal, ok := strings.CutPrefix(host, "["); ok {
		literal, port, ok := strings.Cut(literal, "]")
		addr, err := netip.ParseAddr(literal)
		return ok && err == nil && addr.Is6() && isVisible(addr.Zone()) && validPortSuffix(port)
	}
	name, port := host, ""
	if i := strings.IndexByte(host, ':'); i >= 0 {
		name, port = host[:i], host[i:]
	}
	for i := range len(name) {
		if !isAlphanumeric(name[i]) && strings.IndexByte("-._~!$&'()*+,;=", name[i]) < 0 {
			return false
		}
	}
	return name != "" && validPortSuffix(port)
}

// validPortSuffix reports whether s is the end of a host: nothing, or a colon and
// a port, which may be empty.
func validPortSuffix(s string) bool {
	return s == "" || s[0] == ':' && validPort(s[1:])
}

// validPort reports whether port, digits or nothing, is a number that TCP knows.
func validPort(port string) bool {
	if port == "" {
		return true
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

// validUser reports whether Basic credentials can be made of user: there is no
// control character, and no colon in the name (RFC 7617, Section 2).
func validUser(user *url.Userinfo) bool {
	password, _ := user.Password()
	return !strings.Contains(user.Username(), ":") &&
		!strings.ContainsFunc(user.Username()+password, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// isVisible reports whether s has only visible ASCII characters.
func isVisible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}
