package handshake

import (
	"net/netip"
	"strings"
)

// An origin is a scheme, a host and a port (RFC 6454, Section 4). Scheme and host are
// compared without case.
type origin struct {
	scheme, host string
	port         string // "" for a scheme without a default port
	subdomains   bool   // of a pattern: its host is any name below host
}

// splitOrigin takes a serialized origin apart, scheme://host:port. The host is as it
// was in s, with the brackets of an IPv6 address. A port that is left out is the
// scheme's default. ok is false if s has no "://": "null", for instance.
func splitOrigin(s string) (o origin, ok bool) {
	scheme, authority, ok := strings.Cut(s, "://")
	o.scheme = scheme
	o.host, o.port = splitPort(authority, defaultPort(scheme))
	return o, ok
}

// parsePattern parses one of a Server's Origins. ok is false if it is no origin.
func parsePattern(s string) (o origin, ok bool) {
	o, ok = splitOrigin(s)
	if rest, found := strings.CutPrefix(o.host, "*."); found {
		o.host, o.subdomains = rest, true
	}
	ok = ok && isScheme(o.scheme) && (isName(o.host) || !o.subdomains && isIPv6(o.host))
	return o, ok && !strings.HasSuffix(s, ":") && !strings.HasPrefix(o.port, "0") && validPort(o.port)
}

// matches reports whether the pattern o stands for other.
func (o origin) matches(other origin) bool {
	if !equalFold(o.scheme, other.scheme) || o.port != other.port {
		return false
	}
	if !o.subdomains {
		return equalFold(o.host, other.host)
	}
	below := len(other.host) - len(o.host) - len(".")
	return below > 0 && other.host[below] == '.' &&
		equalFold(other.host[below+1:], o.host) && isName(other.host[:below])
}

// splitPort splits an authority into host and port, which is defaultPort where
// the authority names none. An IPv6 address keeps its brackets.
func splitPort(authority, defaultPort string) (host, port string) {
	i := strings.LastIndexByte(authority, ':')
	if i < 0 || i < strings.LastIndexByte(authority, ']') {
		return authority, defaultPort
	}
	if i == len(authority)-1 {
		return authority[:i], defaultPort
	}
	return authority[:i], authority[i+1:]
}

// defaultPort returns the port of an origin that names none, "" for a scheme that has
// none.
func defaultPort(scheme string) string {
	switch {
	case equalFold(scheme, "http"):
		return "80"
	case equalFold(scheme, "https"):
		return "443"
	}
	return ""
}

// isScheme reports whether s is a scheme (RFC 3986, Section 3.1).
func isScheme(s string) bool {
	for i := range len(s) {
		if !isAlphanumeric(s[i]) && strings.IndexByte("+-.", s[i]) < 0 {
			return false
		}
	}
	return s != "" && lower(s[0]) >= 'a' && lower(s[0]) <= 'z'
}

// isName reports whether s is a host name or an IPv4 address: labels with dots between,
// of letters, digits, hyphens and underscores.
func isName(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !isAlphanumeric(c) && c != '-' && c != '_' {
				return false
			}
		}
	}
	return true
}

// isIPv6 reports whether s is an IPv6 address in brackets.
func isIPv6(s string) bool {
	inner, ok := strings.CutPrefix(s, "[")
	if !ok || !strings.HasSuffix(inner, "]") {
		return false
	}
	address, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
	return err == nil && address.Is6() && address.Zone() == ""
}
