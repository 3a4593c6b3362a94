package client

import "testing"

func TestParseURL(t *testing.T) {
	for _, tt := range []struct {
		name, url string
		want      string // network, address and URL of the request; empty: refused
	}{
		{"3/ws", "ws://example.com/chat", "tcp example.com:80 ws://example.com/chat"},
		{"3/wss", "wss://example.com", "tcp example.com:443 wss://example.com"},
		{"3/upper_case", "WSS://example.com", "tcp example.com:443 wss://example.com"},
		{"3/port", "ws://example.com:8080?q", "tcp example.com:8080 ws://example.com:8080?q"},
		{"3/ipv4", "ws://127.0.0.1/", "tcp 127.0.0.1:80 ws://127.0.0.1/"},
		{"3/ipv6", "ws://[::1]/", "tcp [::1]:80 ws://[::1]/"},
		{"3/ipv6_port", "wss://[::1]:8443/", "tcp [::1]:8443 wss://[::1]:8443/"},
		{"3/ipv6_zone", "ws://[fe80::1%25eth0]:81/", "tcp [fe80::1%eth0]:81 ws://[fe80::1%25eth0]:81/"},
		{"3/user", "ws://me:secret@example.com/", "tcp example.com:80 ws://me:secret@example.com/"},
		{"3/fragment", "ws://example.com/#top", ""},
		{"3/empty_fragment", "ws://example.com/#", ""},
		{"3/control_character", "ws://example.com/\x7f", ""},
		{"unix", "ws+unix:/run/a.sock:/chat?room=1", "unix /run/a.sock ws://localhost/chat?room=1"},
		{"unix/upper_case", "WS+UNIX:/run/a.sock:/chat", "unix /run/a.sock ws://localhost/chat"},
		{"unix/no_path", "ws+unix:/run/a.sock", "unix /run/a.sock ws://localhost"},
		{"unix/query_alone", "ws+unix:/run/a.sock?q", "unix /run/a.sock ws://localhost?q"},
		{"unix/three_slashes", "ws+unix:///run/a.sock:/", "unix /run/a.sock ws://localhost/"},
		{"unix/escapes", "ws+unix:/run/a%3Ab%20c.sock:/d%2Fe:f", "unix /run/a:b c.sock ws://localhost/d%2Fe:f"},
		{"unix/user", "ws+unix://me:secret@/a.sock:/", "unix /a.sock ws://me:secret@localhost/"},
		{"unix/host_of_that_name", "ws://unix/chat", "tcp unix:80 ws://unix/chat"},
		{"unix/host_of_that_name_and_port", "ws://unix:80/chat", "tcp unix:80 ws://unix:80/chat"},
		{"unix/lua", "ws://unix:/run/a.sock:/chat", ""},
		{"unix/nothing", "ws+unix:", ""},
		{"unix/no_socket", "ws+unix::/chat", ""},
		{"unix/relative", "ws+unix:a.sock:/chat", ""},
		{"unix/host", "ws+unix://example.com/a.sock:/chat", ""},
		{"unix/null", "ws+unix:/a%00b.sock:/chat", ""},
		{"unix/path_without_slash", "ws+unix:/a.sock:.example.com/", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			to, err := parseURL(tt.url)
			got := ""
			if err == nil {
				got = to.network + " " + to.addr + " " + to.url.String()
			}
			if got != tt.want {
				t.Errorf("%s, %v; want %s", got, err, tt.want)
			}
		})
	}
}
