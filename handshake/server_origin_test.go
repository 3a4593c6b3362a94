package handshake

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"

	"resty.websocket/internal/http1"
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
		{"10.2/https_in_clear", "example.com", "https://example.com", false, true},
		{"10.2/https_in_clear_any_case", "Example.com", "HTTPS://EXAMPLE.COM", false, true},
		{"10.2/https_in_clear_default_port_in_host", "example.com:443", "https://example.com", false, true},
		{"10.2/https_in_clear_default_port_in_origin", "example.com", "https://example.com:443", false, true},
		{"10.2/https_in_clear_same_port", "example.com:8443", "https://example.com:8443", false, true},
		{"10.2/https_in_clear_ipv6", "[::1]", "https://[::1]", false, true},
		{"10.2/https_in_clear_port_80", "example.com:80", "https://example.com", false, false},
		{"10.2/https_in_clear_port_80_in_origin", "example.com", "https://example.com:80", false, false},
		{"10.2/https_in_clear_other_port", "example.com:8080", "https://example.com", false, false},
		{"10.2/https_in_clear_port_left_out", "example.com", "https://example.com:8443", false, false},
		{"10.2/https_in_clear_other_host", "example.com", "https://www.example.com", false, false},
		{"10.2/other_scheme", "example.com", "ftp://example.com", false, false},
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
			if err := new(Server).checkOrigin(r); (err == nil) != tt.want {
				t.Errorf("origin %q at host %q: %v, want accepted: %v", tt.origin, tt.host, err, tt.want)
			}
		})
	}
}

func TestOrigins(t *testing.T) {
	for _, tt := range []struct {
		name, pattern, origin string
		want                  bool
	}{
		{"10.2/same", "https://app.example", "https://app.example", true},
		{"10.2/any_case", "HTTPS://App.Example", "https://aPP.eXAMPLE", true},
		{"10.2/default_port_in_pattern", "https://app.example:443", "https://app.example", true},
		{"10.2/default_port_in_origin", "http://app.example", "http://app.example:80", true},
		{"10.2/port", "http://localhost:3000", "http://localhost:3000", true},
		{"10.2/ipv4", "http://127.0.0.1:3000", "http://127.0.0.1:3000", true},
		{"10.2/ipv6", "http://[::1]:3000", "http://[::1]:3000", true},
		{"10.2/other_scheme_without_port", "app://obsidian.md", "app://obsidian.md", true},
		{"10.2/subdomain", "https://*.example.com", "https://a.example.com", true},
		{"10.2/subdomain_any_case", "https://*.Example.com", "https://A.EXAMPLE.COM", true},
		{"10.2/subdomain_of_a_subdomain", "https://*.example.com", "https://a.b-c.d_e.example.com", true},
		{"10.2/subdomain_port", "https://*.example.com:8443", "https://a.example.com:8443", true},

		{"10.2/other_scheme", "https://app.example", "http://app.example", false},
		{"10.2/other_host", "https://app.example", "https://www.app.example", false},
		{"10.2/other_port", "https://app.example", "https://app.example:8443", false},
		{"10.2/default_port_of_another_scheme", "https://app.example:80", "https://app.example", false},
		{"10.2/null", "https://app.example", "null", false},
		{"10.2/subdomains_not_the_domain", "https://*.example.com", "https://example.com", false},
		{"10.2/subdomain_empty", "https://*.example.com", "https://.example.com", false},
		{"10.2/subdomain_with_empty_label", "https://*.example.com", "https://a..example.com", false},
		{"10.2/subdomain_begins_with_dot", "https://*.example.com", "https://.a.example.com", false},
		{"10.2/subdomain_without_dot", "https://*.example.com", "https://evilexample.com", false},
		{"10.2/subdomain_of_another_domain", "https://*.example.com", "https://a.example.com.evil.example", false},
		{"10.2/subdomain_port_left_out", "https://*.example.com:8443", "https://a.example.com", false},
		{"10.2/subdomain_behind_a_path", "https://*.example.com", "https://evil.example/.example.com", false},
		{"10.2/subdomain_behind_user_information", "https://*.example.com", "https://evil@a.example.com", false},
		{"10.2/subdomain_not_ascii", "https://*.example.com", "https://ä.example.com", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &Server{Origins: []string{"https://first.example", tt.pattern}}
			err := s.check(readRequest(t, request("Origin: "+tt.origin)), new(answer))
			if (err == nil) != tt.want {
				t.Errorf("origin %q with %q: %v, want accepted: %v", tt.origin, tt.pattern, err, tt.want)
			}
		})
	}
}

// One of Origins that is no origin would never match. Each request says so.
func TestOriginsInvalid(t *testing.T) {
	for _, pattern := range []string{
		"", "*", "null", "example.com", "//example.com", "://example.com", "https:example.com",
		"https://", "https://*", "https://*.", "https://*example.com", "https://*.*.example.com", "https://a.*.example.com",
		"https://example.com/", "https://example.com/path", "https://user@example.com", "https://example.com?q",
		"https://example.com:", "https://example.com:0", "https://example.com:080", "https://example.com:65536",
		"https://example.com:port", "https://example..com", "https://.example.com", "https://ex ample.com", "https://exämple.com",
		"https://[::1", "https://::1", "https://[1]", "https://[127.0.0.1]", "https://[fe80::1%25eth0]", "https://*.[::1]",
		"1https://example.com", "ht_tp://example.com", "https://a https://b", "https://a,https://b",
	} {
		for _, check := range []func(*http.Request) bool{nil, func(*http.Request) bool { return true }} {
			s := &Server{Origins: []string{"https://ok.example", pattern}, CheckOrigin: check}
			err := s.check(readRequest(t, request()), new(answer))
			want := "bad Origins: " + http1.Printable(pattern) + " is not scheme://host or scheme://host:port"
			if err == nil || err.Status != http.StatusInternalServerError || err.Reason != want {
				t.Errorf("%q: %v", pattern, err)
			}
		}
	}
}

// A refusal names the origins that would have been accepted.
func TestOriginExpected(t *testing.T) {
	many := make([]string, 12)
	for i := range many {
		many[i] = "app://a"
	}
	for _, tt := range []struct {
		name   string
		server Server
		tls    bool
		want   string
	}{
		{"10.2/in_clear", Server{}, false, "http://server.example.com or https://server.example.com"},
		{"10.2/over_tls", Server{}, true, "https://server.example.com"},
		{"10.2/origins", Server{Origins: []string{"https://a", "https://*.b"}}, true, "https://server.example.com or https://a or https://*.b"},
		{"10.2/many_origins", Server{Origins: many}, true, "https://server.example.com" + strings.Repeat(" or app://a", 10) + " or 2 more"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := readRequest(t, request("Origin: http://evil.example"))
			if tt.tls {
				r.TLS = new(tls.ConnectionState)
			}
			err := tt.server.check(r, new(answer))
			if want := "origin not allowed: http://evil.example; expected " + tt.want; err == nil || err.Status != 403 || err.Reason != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

func TestCheckOrigin(t *testing.T) {
	foreign := readRequest(t, request("Origin: http://elsewhere.example"))
	s := Server{
		Origins:     []string{"https://listed.example"},
		CheckOrigin: func(r *http.Request) bool { return r.Header.Get("Origin") == "http://elsewhere.example" },
	}
	if err := s.check(foreign, new(answer)); err != nil {
		t.Errorf("an origin that CheckOrigin allows: %v", err)
	}
	for _, origin := range []string{"https://listed.example", "http://server.example.com"} {
		err := s.check(readRequest(t, request("Origin: "+origin)), new(answer))
		if err == nil || err.Status != http.StatusForbidden || err.Reason != "origin not allowed: "+origin {
			t.Errorf("an origin that CheckOrigin refuses: %v", err)
		}
	}
	if err := s.check(readRequest(t, request()), new(answer)); err == nil || err.Reason != "origin not allowed: nil" {
		t.Errorf("a request that CheckOrigin refuses: %v", err)
	}
}
