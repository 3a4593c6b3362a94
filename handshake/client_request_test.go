package handshake

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAppendRequest(t *testing.T) {
	for _, tt := range []struct {
		name   string
		client Client
		url    string
		want   []string
	}{
		{"4.1/least", Client{}, "ws://example.com", []string{
			"GET / HTTP/1.1",
			"Host: example.com",
			"Upgrade: websocket",
			"Sec-WebSocket-Key: KEY",
			"Sec-WebSocket-Version: 13",
			"Connection: Upgrade",
			"User-Agent: resty.websocket",
		}},
		{"4.1/most", Client{
			Protocols: []string{"chat", "superchat"},
			Origin:    "http://example.com",
			Host:      "other.example:81",
			Header:    http.Header{"X-B": {"1", "2"}, "x-a": {"3"}},
			Deflate:   &Deflate{},
		}, "ws://us%40er:p%2Fw@example.com:8080/a%20b?c=d%20e", []string{
			"GET /a%20b?c=d%20e HTTP/1.1",
			"Host: other.example:81",
			"Upgrade: websocket",
			"Sec-WebSocket-Key: KEY",
			"Sec-WebSocket-Protocol: chat,superchat",
			"Sec-WebSocket-Version: 13",
			"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
			"Origin: http://example.com",
			"Connection: Upgrade",
			"User-Agent: resty.websocket",
			"Authorization: Basic dXNAZXI6cC93", // us@er:p/w
			"X-B: 1",
			"X-B: 2",
			"x-a: 3",
		}},
		{"4.1/authorization_given", Client{Header: http.Header{"authorization": {"Bearer t"}}}, "wss://user@example.com/", []string{
			"GET / HTTP/1.1",
			"Host: example.com",
			"Upgrade: websocket",
			"Sec-WebSocket-Key: KEY",
			"Sec-WebSocket-Version: 13",
			"Connection: Upgrade",
			"User-Agent: resty.websocket",
			"authorization: Bearer t",
		}},
		{"4.1/user_agent_given", Client{Header: http.Header{"user-agent": {"curl/8"}}}, "ws://example.com/", []string{
			"GET / HTTP/1.1",
			"Host: example.com",
			"Upgrade: websocket",
			"Sec-WebSocket-Key: KEY",
			"Sec-WebSocket-Version: 13",
			"Connection: Upgrade",
			"user-agent: curl/8",
		}},
		{"4.1/user_agent_none", Client{Header: http.Header{"User-Agent": {""}, "X-Empty": {""}}}, "ws://example.com/", []string{
			"GET / HTTP/1.1",
			"Host: example.com",
			"Upgrade: websocket",
			"Sec-WebSocket-Key: KEY",
			"Sec-WebSocket-Version: 13",
			"Connection: Upgrade",
			"X-Empty: ",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, err := url.Parse(tt.url)
			if err != nil {
				t.Fatal(err)
			}
			want := "before" + strings.Join(tt.want, "\r\n") + "\r\n\r\n"
			if got := string(tt.client.AppendRequest([]byte("before"), u, "KEY")); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestHostOf(t *testing.T) {
	for _, tt := range []struct{ name, url, want string }{
		{"4.1/default_port_ws", "ws://example.com:80", "example.com"},
		{"4.1/default_port_wss", "wss://example.com:443", "example.com"},
		{"4.1/other_schemes_port", "ws://example.com:443", "example.com:443"},
		{"4.1/empty_port", "ws://example.com:/", "example.com"},
		{"4.1/ipv4", "ws://127.0.0.1:9000", "127.0.0.1:9000"},
		{"4.1/ipv6", "ws://[::1]", "[::1]"},
		{"4.1/ipv6_port", "ws://[::1]:9000", "[::1]:9000"},
		{"4.1/ipv6_zone", "ws://[fe80::1%25eth0]:9000", "[fe80::1]:9000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, err := url.Parse(tt.url)
			if err != nil {
				t.Fatal(err)
			}
			if got := hostOf(u); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNewKey(t *testing.T) {
	a, b := newKey(), newKey()
	if !validKey(a) || !validKey(b) || a == b {
		t.Errorf("keys %q and %q", a, b)
	}
}
