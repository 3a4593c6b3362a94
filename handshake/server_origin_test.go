package handshake

import (
	"crypto/tls"
	"net/http"
	"testing"
)

func TestSameOrigin(t *testing.T) {
	for _, tt := range []struct {
		name         string
		host, origin string
		tls, want    bool
	}{
		{"10.2/same", "example.com", "http://example.com", false, true},
		{"10.2/same_any_case", "Example.com", "HTTP://EXAMPLE.COM", false, true},
		{"10.2/default_port_in_host", "example.com:80", "http://example.com", false, true},
		{"10.2/default_port_in_origin", "example.com", "http://example.com:80", false, true},
		{"10.2/empty_port_in_host", "example.com:", "http://example.com", false, true},
		{"10.2/same_port", "example.com:8080", "http://example.com:8080", false, true},
		{"10.2/same_over_tls", "example.com", "https://example.com", true, true},
		{"10.2/default_port_over_tls", "example.com:443", "https://example.com", true, true},
		{"10.2/ipv6", "[::1]:8080", "http://[::1]:8080", false, true},
		{"10.2/ipv6_default_port", "[::1]", "http://[::1]:80", false, true},
		{"10.2/other_host", "example.com", "http://www.example.com", false, false},
		{"10.2/other_host_with_same_end", "example.com", "http://evilexample.com", false, false},
		{"10.2/other_host_with_same_start", "example.com", "http://example.com.evil.example", false, false},
		{"10.2/other_port", "example.com:8080", "http://example.com:8081", false, false},
		{"10.2/other_port_default", "example.com:8080", "http://example.com", false, false},
		{"10.2/https_default_port_in_clear", "example.com:443", "https://example.com", false, false},
		{"10.2/other_scheme", "example.com", "https://example.com", false, false},
		{"10.2/other_scheme_over_tls", "example.com", "http://example.com", true, false},
		{"10.2/scheme_ws", "example.com", "ws://example.com", false, false},
		{"10.2/null", "example.com", "null", false, false},
		{"10.2/empty", "example.com", "", false, false},
		{"10.2/scheme_alone", "example.com", "http://", false, false},
		{"10.2/no_scheme", "example.com", "example.com", false, false},
		{"10.2/user_information", "example.com", "http://user@example.com", false, false},
		{"10.2/path", "example.com", "http://example.com/", false, false},
		{"10.2/list", "example.com", "http://example.com http://evil.example", false, false},
		{"10.2/ipv6_port_inside", "[::1]:80", "http://[::1:80]", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &http.Request{Host: tt.host, Header: http.Header{"Origin": {tt.origin}}}
			if tt.tls {
				r.TLS = new(tls.ConnectionState)
			}
			if got := sameOrigin(r); got != tt.want {
				t.Errorf("origin %q at host %q: %v, want %v", tt.origin, tt.host, got, tt.want)
			}
		})
	}
}

func TestCheckOrigin(t *testing.T) {
	foreign := readRequest(t, request("Origin: http://elsewhere.example"))
	s := Server{CheckOrigin: func(r *http.Request) bool {
		return r.Header.Get("Origin") == "http://elsewhere.example"
	}}
	if _, err := s.check(foreign); err != nil {
		t.Errorf("an origin that CheckOrigin allows: %v", err)
	}
	_, err := s.check(readRequest(t, request()))
	if err == nil || err.Status != http.StatusForbidden {
		t.Errorf("a request that CheckOrigin refuses: %v", err)
	}
}
