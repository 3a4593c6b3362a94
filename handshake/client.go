package handshake

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A Client is the client's half of the handshake (RFC 6455, Section 4.1). The zero
// value asks for neither subprotocol nor compression.
//
// It dials nothing: the caller calls Check, dials, and calls Upgrade on the
// connection. Multiple goroutines may invoke the methods simultaneously, if none
// changes the fields.
type Client struct {
	// Protocols are the subprotocols to offer, most preferred first.
	Protocols []string

	// Origin is the value of the Origin header field. If empty, none is sent: it
	// is for browsers to say whose page is asking.
	Origin string

	// Header has further header fields for the request, Authorization or Cookie
	// for instance. The handshake's own cannot be among them, nor Host and Origin,
	// which have their own fields here.
	Header http.Header

	// Host is the value of the Host header field. If empty, it is the URL's host,
	// with the port unless it is the scheme's default.
	Host string

	// Key is the value of the Sec-WebSocket-Key header field: 16 bytes in base64.
	// If empty, as it should be outside of tests, Upgrade makes one at random.
	Key string

	// Deflate holds the parameters of permessage-deflate to offer. If nil, none
	// is offered.
	Deflate *Deflate
}

// Check returns an *Error if u is no WebSocket URL (RFC 6455, Section 3) or a field
// of c is not valid, so that no request can be made, and nil otherwise. CR, LF and
// other control characters are refused everywhere, so that nothing can be smuggled
// into the request. The other methods take for granted that Check found nothing.
//
// The scheme of u is ws or wss, its host is ASCII, and it has no fragment. A percent
// sign in the host is refused unless it begins the zone of an IPv6 address.
func (c *Client) Check(u *url.URL) error {
	if reason := checkURL(u); reason != "" {
		return &Error{Reason: "bad websocket uri: " + reason, Section: "RFC 6455, Section 3"}
	}
	if reason := c.checkFields(); reason != "" {
		return &Error{Reason: reason, Section: section41}
	}
	return nil
}

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
		if !isToken(protocol) || slices.Contains(c.Protocols[:i], protocol) {
			return "bad subprotocol: " + printable(protocol)
		}
	}
	if name, ok := badHeader(c.Header); ok {
		return "bad request header: " + printable(name)
	}
	switch {
	case c.Origin != "" && !isVisible(c.Origin):
		return "bad Origin"
	case c.Host != "" && !validHost(c.Host):
		return "bad Host"
	case c.Key != "" && !validKey(c.Key):
		return "bad Sec-WebSocket-Key"
	case !c.Deflate.valid():
		return "bad permessage-deflate parameters"
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
