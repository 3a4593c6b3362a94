package handshake

import (
	"net/http"
	"strconv"

	"resty.websocket/internal/http1"
)

// checkOrigin refuses a request whose Origin is not allowed (RFC 6455, Section 10.2).
// A request without one comes from no browser.
func (s *Server) checkOrigin(r *http.Request) *Error {
	origins := r.Header["Origin"]
	expected := ""
	switch {
	case len(origins) > 1:
		return badRequest("origin", "RFC 6454, Section 7.3")
	case s.CheckOrigin != nil:
		if s.CheckOrigin(r) {
			return nil
		}
	case len(origins) == 0 || s.allows(r, origins[0]):
		return nil
	default:
		expected = "; expected " + s.allowed(r)
	}
	return &Error{
		Status:  http.StatusForbidden,
		Reason:  "origin not allowed: " + quote(origins) + expected,
		Section: section102,
	}
}

// allows reports whether text is the origin that r was sent to or matches one of
// Origins.
func (s *Server) allows(r *http.Request, text string) bool {
	from, ok := splitOrigin(text)
	if !ok {
		return false
	}
	if sameOrigin(r, from) {
		return true
	}
	for _, pattern := range s.Origins {
		if o, ok := parsePattern(pattern); ok && o.matches(from) {
			return true
		}
	}
	return false
}

// sameOrigin reports whether from is the origin that r was sent to. Its scheme must be
// https if r has TLS. If r has none, it may be http, or https because a proxy has taken
// TLS off. A port that Host leaves out is the default of the page's scheme: the browser
// has left it out, and the proxy has passed Host on.
func sameOrigin(r *http.Request, from origin) bool {
	if !equalFold(from.scheme, "https") && (r.TLS != nil || !equalFold(from.scheme, "http")) {
		return false
	}
	host, port := splitPort(r.Host, defaultPort(from.scheme))
	return equalFold(from.host, host) && from.port == port
}

// allowed names the origins that would have been accepted in r.
func (s *Server) allowed(r *http.Request) string {
	const most = 10
	host := http1.Printable(r.Host)
	text := "https://" + host
	if r.TLS == nil {
		text = "http://" + host + " or " + text
	}
	for i, pattern := range s.Origins {
		if i == most {
			return text + " or " + strconv.Itoa(len(s.Origins)-most) + " more"
		}
		text += " or " + pattern
	}
	return text
}
