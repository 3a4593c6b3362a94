package remote

import (
	"crypto/tls"
	"net/http"
	"net/netip"
	"testing"
)

var trusted = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}

func TestAddr(t *testing.T) {
	for _, tt := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"direct", "192.0.2.7:1234", nil, "192.0.2.7"},
		{"direct_with_a_lie", "192.0.2.7:1234", []string{"198.51.100.1"}, "192.0.2.7"},
		{"one_proxy", "10.0.0.1:1234", []string{"192.0.2.7"}, "192.0.2.7"},
		{"one_proxy_and_a_lie", "10.0.0.1:1234", []string{"198.51.100.1, 192.0.2.7"}, "192.0.2.7"},
		{"a_lie_about_a_proxy", "10.0.0.1:1234", []string{"198.51.100.1, 10.9.9.9, 192.0.2.7"}, "192.0.2.7"},
		{"two_proxies", "10.0.0.1:1234", []string{"192.0.2.7, 10.0.0.2"}, "192.0.2.7"},
		{"two_lines", "10.0.0.1:1234", []string{"192.0.2.7", "10.0.0.2"}, "192.0.2.7"},
		{"proxies_alone", "10.0.0.1:1234", []string{"10.0.0.2"}, "10.0.0.2"},
		{"no_field", "10.0.0.1:1234", nil, "10.0.0.1"},
		{"no_address", "10.0.0.1:1234", []string{"unknown"}, "10.0.0.1"},
		{"ipv6", "[fd00::1]:1234", []string{"2001:db8::7"}, "2001:db8::7"},
		{"mapped", "[::ffff:10.0.0.1]:1234", []string{"::ffff:192.0.2.7"}, "192.0.2.7"},
		{"unix_socket", "@", []string{"192.0.2.7"}, "invalid IP"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &http.Request{RemoteAddr: tt.peer, Header: http.Header{"X-Forwarded-For": tt.forwarded}}
			if got := Addr(r, trusted).String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestSecure(t *testing.T) {
	for _, tt := range []struct {
		peer, proto string
		tls         *tls.ConnectionState
		want        bool
	}{
		{"192.0.2.7:1234", "", nil, false},
		{"192.0.2.7:1234", "https", nil, false},
		{"192.0.2.7:1234", "", new(tls.ConnectionState), true},
		{"10.0.0.1:1234", "https", nil, true},
		{"10.0.0.1:1234", "http", nil, false},
		{"10.0.0.1:1234", "", nil, false},
	} {
		r := &http.Request{RemoteAddr: tt.peer, TLS: tt.tls, Header: http.Header{"X-Forwarded-Proto": {tt.proto}}}
		if got := Secure(r, trusted); got != tt.want {
			t.Errorf("from %s, proto %q: %t", tt.peer, tt.proto, got)
		}
	}
}
