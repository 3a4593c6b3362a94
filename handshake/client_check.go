package handshake

import (
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
	case u.Hostname() == "" || !validHost(hostOf(u)):
		return "bad host"
	case !validPort(u.Port()):
		return "bad port number"
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

// validHost reports whether host has only characters that a host and port can
// have (RFC 3986, Section 3.2). Names in other alphabets have to be encoded.
func validHost(host string) bool {
	for i := range len(host) {
		c := host[i]
		if !isAlphanumeric(c) && strings.IndexByte("-._~!$&'()*+,;=%:[]", c) < 0 {
			return false
		}
	}
	return host != ""
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
