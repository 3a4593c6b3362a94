package handshake

import (
	"net/http"
	"strings"
)

// checkOrigin refuses what CheckOrigin, or the rule in its place, refuses.
func (s *Server) checkOrigin(r *http.Request) *Error {
	origins := r.Header["Origin"]
	if len(origins) > 1 {
		return badRequest("origin", "RFC 6454, Section 7.3")
	}
	check := s.CheckOrigin
	if check == nil {
		check = sameOrigin
	}
	if !check(r) {
		return &Error{
			Status:  http.StatusForbidden,
			Reason:  "origin not allowed: " + quote(origins),
			Section: section102,
		}
	}
	return nil
}

// sameOrigin reports whether r carries no Origin, and so comes from no browser,
// or one whose scheme, host and port are those that r itself was sent to.
func sameOrigin(r *http.Request) bool {
	origins := r.Header["Origin"]
	if len(origins) == 0 {
		return true
	}
	want, defaultPort := "http", "80"
	if r.TLS != nil {
		want, defaultPort = "https", "443"
	}
	// "null", and whatever else is no serialized origin, has no "://".
	scheme, authority, _ := strings.Cut(origins[0], "://")
	host, port := splitPort(authority, defaultPort)
	ownHost, ownPort := splitPort(r.Host, defaultPort)
	return equalFold(scheme, want) && equalFold(host, ownHost) && port == ownPort
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
