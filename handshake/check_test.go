package handshake

import (
	"bufio"
	"crypto/tls"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// A valid request, line by line. Tests replace lines, remove them and add some.
var validRequest = []string{
	"GET /chat HTTP/1.1",
	"Host: server.example.com",
	"Upgrade: websocket",
	"Connection: Upgrade",
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
	"Sec-WebSocket-Version: 13",
}

func request(changes ...string) string {
	return edit(validRequest, changes)
}

// edit returns a head made of lines with changes: "Name: value" replaces the line
// of that name or is added, "+Name: value" is added, "-Name" removes the line, and
// anything without a colon replaces the first line.
func edit(lines, changes []string) string {
	lines = slices.Clone(lines)
	for _, change := range changes {
		name, _, isField := strings.Cut(strings.TrimLeft(change, "+-"), ":")
		at := slices.IndexFunc(lines[1:], func(line string) bool {
			n, _, _ := strings.Cut(line, ":")
			return strings.EqualFold(n, name)
		}) + 1
		switch {
		case change[0] == '-':
			lines = slices.Delete(lines, at, at+1)
		case change[0] == '+' || isField && at == 0:
			lines = append(lines, strings.TrimPrefix(change, "+"))
		default:
			lines[at] = change
		}
	}
	return strings.Join(lines, "\r\n") + "\r\n\r\n"
}

func readRequest(t *testing.T, raw string) *http.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw)))
	if err != nil {
		t.Fatalf("the test's own request is unreadable: %v\n%s", err, raw)
	}
	return r
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name    string
		changes []string
		status  int // 0: accepted
		reason  string
	}{
		{"4.2.1/valid", nil, 0, ""},

		{"4.2.1/http_1.0", []string{"GET / HTTP/1.0"}, 400, "bad http version: HTTP/1.0"},
		{"4.2.1/http_1.2", []string{"GET / HTTP/1.2"}, 0, ""},
		{"4.2.1/http_2", []string{"GET / HTTP/2.0"}, 505, "bad http version: HTTP/2.0 has no Upgrade"},
		{"4.2.1/method_post", []string{"POST / HTTP/1.1", "Content-Length: 0"}, 405, "bad method: POST"},
		{"4.2.1/method_head", []string{"HEAD / HTTP/1.1"}, 405, "bad method: HEAD"},
		{"4.2.1/method_lower_case", []string{"get / HTTP/1.1"}, 405, "bad method: get"},
		{"4.2.1/no_host", []string{"-Host"}, 400, `bad "host" request header`},
		{"4.2.1/empty_host", []string{"Host:"}, 400, `bad "host" request header`},
		{"4.2.1/body_with_length", []string{"Content-Length: 3"}, 400, "request with a body"},
		{"4.2.1/body_with_length_zero", []string{"Content-Length: 0"}, 0, ""},
		{"4.2.1/body_in_chunks", []string{"Transfer-Encoding: chunked"}, 400, "request with a body"},
		{"4.2.1/expect_continue", []string{"Expect: 100-continue"}, 0, ""},

		{"4.2.1/upgrade_absent", []string{"-Upgrade"}, 400, `bad "upgrade" request header: nil`},
		{"4.2.1/upgrade_empty", []string{"Upgrade:"}, 400, `bad "upgrade" request header: `},
		{"4.2.1/upgrade_h2c", []string{"Upgrade: h2c"}, 400, `bad "upgrade" request header: h2c`},
		{"4.2.1/upgrade_longer", []string{"Upgrade: websocket2"}, 400, `bad "upgrade" request header: websocket2`},
		{"4.2.1/upgrade_with_version", []string{"Upgrade: websocket/13"}, 400, `bad "upgrade" request header: websocket/13`},
		{"4.2.1/upgrade_with_kelvin_sign", []string{"Upgrade: websoc\u212Aet"}, 400, `bad "upgrade" request header: websoc???et`},
		{"4.2.1/upgrade_in_two_lines_neither", []string{"Upgrade: h2c", "+Upgrade: TLS/1.0"}, 400, `bad "upgrade" request header: h2c, TLS/1.0`},
		{"4.2.1/upgrade_upper_case", []string{"UPGRADE: WEBSOCKET"}, 0, ""},
		{"4.2.1/upgrade_list", []string{"Upgrade: h2c, websocket"}, 0, ""},
		{"4.2.1/upgrade_in_two_lines", []string{"Upgrade: h2c", "+Upgrade: websocket"}, 0, ""},
		{"4.2.1/upgrade_folded_line", []string{"Upgrade: h2c,\r\n\twebsocket"}, 0, ""},

		{"4.2.1/connection_absent", []string{"-Connection"}, 400, `bad "connection" request header`},
		{"4.2.1/connection_empty", []string{"Connection:"}, 400, `bad "connection" request header`},
		{"4.2.1/connection_keep_alive", []string{"Connection: keep-alive"}, 400, `bad "connection" request header`},
		{"4.2.1/connection_substring", []string{"Connection: notupgraded"}, 400, `bad "connection" request header`},
		{"4.2.1/connection_two_words", []string{"Connection: keep-alive Upgrade"}, 400, `bad "connection" request header`},
		{"4.2.1/connection_lower_case", []string{"Connection: upgrade"}, 0, ""},
		{"4.2.1/connection_list", []string{"Connection: keep-alive, Upgrade"}, 0, ""},
		{"4.2.1/connection_list_tight", []string{"Connection: keep-alive,uPGRADE"}, 0, ""},
		{"4.2.1/connection_list_with_tabs", []string{"Connection: \tkeep-alive\t,\t \tupgrade\t,"}, 0, ""},
		{"4.2.1/connection_list_with_empty_elements", []string{"Connection: ,, ,upgrade,"}, 0, ""},
		{"4.2.1/connection_in_two_lines", []string{"Connection: keep-alive", "+Connection: Upgrade"}, 0, ""},

		{"4.2.1/key_absent", []string{"-Sec-WebSocket-Key"}, 400, `bad "sec-websocket-key" request header`},
		{"4.2.1/key_empty", []string{"Sec-WebSocket-Key:"}, 400, `bad "sec-websocket-key" request header`},
		{"4.2.1/key_not_base64", []string{"Sec-WebSocket-Key: not base64!! not base64=="}, 400, `bad "sec-websocket-key" request header`},
		{"4.2.1/key_of_15_bytes", []string{"Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4P"}, 400, `bad "sec-websocket-key" request header`},
		{"4.2.1/key_of_17_bytes", []string{"Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEBE="}, 400, `bad "sec-websocket-key" request header`},
		{"4.2.1/key_with_space_around", []string{"Sec-WebSocket-Key: \t dGhlIHNhbXBsZSBub25jZQ== \t"}, 0, ""},
		{"11.3.1/key_twice", []string{"+Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="}, 400, `bad "sec-websocket-key" request header`},

		{"4.2.2/version_absent", []string{"-Sec-WebSocket-Version"}, 426, `bad "sec-websocket-version" request header`},
		{"4.2.2/version_8", []string{"Sec-WebSocket-Version: 8"}, 426, `bad "sec-websocket-version" request header`},
		{"4.2.2/version_25", []string{"Sec-WebSocket-Version: 25"}, 426, `bad "sec-websocket-version" request header`},
		{"4.3/version_with_leading_zero", []string{"Sec-WebSocket-Version: 013"}, 426, `bad "sec-websocket-version" request header`},
		{"4.3/version_list", []string{"Sec-WebSocket-Version: 13, 8"}, 426, `bad "sec-websocket-version" request header`},
		{"11.3.5/version_twice", []string{"+Sec-WebSocket-Version: 13"}, 400, `bad "sec-websocket-version" request header`},

		{"4.2.1/protocol_empty", []string{"Sec-WebSocket-Protocol:"}, 400, `bad "sec-websocket-protocol" request header`},
		{"4.2.1/protocol_with_space", []string{"Sec-WebSocket-Protocol: a b"}, 400, `bad "sec-websocket-protocol" request header`},
		{"4.2.1/protocol_not_ascii", []string{"Sec-WebSocket-Protocol: ä"}, 400, `bad "sec-websocket-protocol" request header`},
		{"4.2.1/protocol_with_separator", []string{"Sec-WebSocket-Protocol: chat;q=1"}, 400, `bad "sec-websocket-protocol" request header`},
		{"4.2.1/extensions_empty", []string{"Sec-WebSocket-Extensions:"}, 400, `bad "sec-websocket-extensions" request header`},
		{"9.1/extensions_malformed", []string{"Sec-WebSocket-Extensions: foo;"}, 400, `bad "sec-websocket-extensions" request header`},
		{"9.1/extensions_unknown", []string{"Sec-WebSocket-Extensions: foo, bar; baz=2"}, 0, ""},

		{"4.2.2/origin_foreign", []string{"Origin: http://evil.example"}, 403, "origin not allowed: http://evil.example"},
		{"4.2.2/origin_twice", []string{"Origin: http://server.example.com", "+Origin: http://server.example.com"}, 400, `bad "origin" request header`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s Server
			_, err := s.check(readRequest(t, request(tt.changes...)))
			if err == nil {
				err = &Error{}
			}
			if err.Status != tt.status || err.Reason != tt.reason {
				t.Errorf("got %d %q, want %d %q", err.Status, err.Reason, tt.status, tt.reason)
			}
		})
	}
}

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

func TestChooseProtocol(t *testing.T) {
	many := strings.Repeat("a,", maxProtocols)
	for i := range maxProtocols {
		many = strings.Replace(many, "a,", "p"+string(rune('A'+i/26))+string(rune('A'+i%26))+",", 1)
	}
	for _, tt := range []struct {
		name  string
		own   []string
		lines []string
		want  string
		ok    bool
	}{
		{"4.2.2/none_offered", []string{"a"}, nil, "", true},
		{"4.2.2/none_spoken", nil, []string{"a"}, "", true},
		{"4.2.2/none_in_common", []string{"a"}, []string{"b, c"}, "", true},
		{"4.2.2/servers_preference", []string{"c", "b", "a"}, []string{"a, b"}, "b", true},
		{"4.2.2/case_matters", []string{"Chat"}, []string{"chat"}, "", true},
		{"11.3.4/two_lines", []string{"b"}, []string{"a", "b"}, "b", true},
		{"4.3/empty_elements", []string{"b"}, []string{", a ,,\tb\t,"}, "b", true},
		{"4.3/every_token_character", []string{"!#$%&'*+-.^_`|~09azAZ"}, []string{"!#$%&'*+-.^_`|~09azAZ"}, "!#$%&'*+-.^_`|~09azAZ", true},
		{"4.3/no_element", []string{"a"}, []string{" , "}, "", false},
		{"4.3/empty_line", []string{""}, []string{""}, "", false},
		{"4.1/repeated", []string{"a"}, []string{"a, b, a"}, "", false},
		{"4.1/repeated_in_another_line", []string{"a"}, []string{"a", "a"}, "", false},
		{"4.1/carriage_return", []string{"a"}, []string{"a\r\nX-Injected: 1"}, "", false},
		{"4.1/null_byte", []string{"a"}, []string{"a\x00"}, "", false},
		{"4.1/quoted", []string{"a"}, []string{`"a"`}, "", false},
		{"4.1/servers_own_is_invalid", []string{"a b"}, []string{"a", "b"}, "", true},
		{"4.1/as_many_as_allowed", []string{"pAA"}, []string{many}, "pAA", true},
		{"4.1/more_than_allowed", []string{"pAA"}, []string{many + "x"}, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := chooseProtocol(tt.own, tt.lines)
			if got != tt.want || ok != tt.ok {
				t.Errorf("got %q, %v; want %q, %v", got, ok, tt.want, tt.ok)
			}
		})
	}
}
