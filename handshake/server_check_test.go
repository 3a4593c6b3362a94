package handshake

import (
	"bufio"
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

		{"4.2.1/upgrade_absent", []string{"-Upgrade"}, 400, `not a WebSocket handshake: bad "upgrade" request header: nil`},
		{"4.2.1/plain_get", []string{"-Upgrade", "-Sec-WebSocket-Key", "-Sec-WebSocket-Version", "Connection: keep-alive"}, 400,
			`not a WebSocket handshake: bad "upgrade" request header: nil`},
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

		{"4.2.1/protocol_empty", []string{"Sec-WebSocket-Protocol:"}, 400, `bad "sec-websocket-protocol" request header: no subprotocol`},
		{"4.2.1/protocol_with_space", []string{"Sec-WebSocket-Protocol: a b"}, 400, `bad "sec-websocket-protocol" request header: not a token: a b`},
		{"4.2.1/protocol_not_ascii", []string{"Sec-WebSocket-Protocol: ä"}, 400, `bad "sec-websocket-protocol" request header: not a token: ??`},
		{"4.2.1/protocol_with_separator", []string{"Sec-WebSocket-Protocol: chat;q=1"}, 400, `bad "sec-websocket-protocol" request header: not a token: chat;q=1`},
		{"4.2.1/extensions_empty", []string{"Sec-WebSocket-Extensions:"}, 400, `bad "sec-websocket-extensions" request header`},
		{"9.1/extensions_malformed", []string{"Sec-WebSocket-Extensions: foo;"}, 400, `bad "sec-websocket-extensions" request header`},
		{"9.1/extensions_unknown", []string{"Sec-WebSocket-Extensions: foo, bar; baz=2"}, 0, ""},

		{"4.2.2/origin_foreign", []string{"Origin: http://evil.example"}, 403, "origin not allowed: http://evil.example; expected http://server.example.com or https://server.example.com"},
		{"4.2.2/origin_twice", []string{"Origin: http://server.example.com", "+Origin: http://server.example.com"}, 400, `bad "origin" request header`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s Server
			err := s.check(readRequest(t, request(tt.changes...)), new(answer))
			if err == nil {
				err = &Error{}
			}
			if err.Status != tt.status || err.Reason != tt.reason {
				t.Errorf("got %d %q, want %d %q", err.Status, err.Reason, tt.status, tt.reason)
			}
		})
	}
}

// A mistake in the fields of a Server is told to the program, and not to the client.
func TestCheckConfig(t *testing.T) {
	header := func(name string) Server { return Server{Header: http.Header{name: {"a"}}} }
	for _, tt := range []struct {
		name   string
		server Server
		reason string
	}{
		{"4.2.2/header_protocol", header("sec-websocket-protocol"), "bad response header: sec-websocket-protocol: use Options.Protocols"},
		{"4.2.2/header_extensions", header("Sec-Websocket-Extensions"), "bad response header: Sec-Websocket-Extensions: use Options.Deflate"},
		{"4.2.2/header_accept", header("Sec-Websocket-Accept"), "bad response header: Sec-Websocket-Accept: the handshake sets it"},
		{"4.2.2/header_host", header("Host"), "bad response header: Host: it belongs in requests"},
		{"4.2.2/header_content_length", header("Content-Length"), "bad response header: Content-Length: a handshake has no body"},
		{"4.2.2/header_name", header("X Y"), "bad response header: X Y: the name is not a token"},
		{"4.2.2/origins", Server{Origins: []string{"a"}}, "bad Origins: a is not scheme://host or scheme://host:port"},
		{"4.2.2/deflate", Server{Deflate: &Deflate{Level: -3}}, "bad permessage-deflate parameters: Level is -3, not -2 to 9"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.server.check(readRequest(t, request()), new(answer))
			if err == nil || err.Status != http.StatusInternalServerError || err.Reason != tt.reason {
				t.Errorf("got %v, want %s", err, tt.reason)
			}
		})
	}
}

// TestCheckOrder refuses a request in which everything is wrong, and then a request with
// one mistake less, and so on: Section 4.2.1 is checked in its order.
func TestCheckOrder(t *testing.T) {
	r := readRequest(t, request("POST / HTTP/2.0", "Host:", "Content-Length: 1", "Upgrade: h2c", "Connection: close",
		"Sec-WebSocket-Key: a", "Sec-WebSocket-Version: 8", "Sec-WebSocket-Protocol: a b", "Sec-WebSocket-Extensions: a;",
		"Origin: http://evil.example"))
	s := Server{Origins: []string{"a"}, Header: http.Header{"X Y": {"a"}}, Deflate: &Deflate{Level: -3}}
	field := func(name, value string) func() { return func() { r.Header.Set(name, value) } }
	for _, step := range []struct {
		status          int
		reason, section string
		mend            func()
	}{
		{500, "bad response header: X Y", "", func() { s.Header = nil }},
		{500, "bad Origins: a", "", func() { s.Origins = nil }},
		{500, "bad permessage-deflate", "", func() { s.Deflate = nil }},
		{505, "bad http version: HTTP/2.0 has no Upgrade", "", func() { r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1\n", 1, 0 }},
		{400, "bad http version: HTTP/1?", section421, func() { r.ProtoMinor = 1 }},
		{405, "bad method: POST", section421, func() { r.Method = http.MethodGet }},
		{400, "request with a body", "", func() { r.ContentLength = 0 }},
		{400, `bad "host"`, section421, func() { r.Host = "server.example.com" }},
		{400, `bad "upgrade" request header: h2c`, section421, field("Upgrade", "websocket")},
		{400, `bad "connection"`, section421, field("Connection", "Upgrade")},
		{400, `bad "sec-websocket-key"`, section421, field("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")},
		{426, `bad "sec-websocket-version"`, section422, field("Sec-WebSocket-Version", "13")},
		{400, `bad "sec-websocket-protocol"`, section41, field("Sec-WebSocket-Protocol", "a")},
		{400, `bad "sec-websocket-extensions"`, section91, field("Sec-WebSocket-Extensions", "a")},
		{403, "origin not allowed", section102, func() { r.Header.Del("Origin") }},
	} {
		err := s.check(r, new(answer))
		if err == nil || err.Status != step.status || !strings.HasPrefix(err.Reason, step.reason) || err.Section != step.section {
			t.Errorf("got %+v, want %d %s (%s)", err, step.status, step.reason, step.section)
		}
		step.mend()
	}
	if err := s.check(r, new(answer)); err != nil {
		t.Errorf("got %v after all mistakes are mended", err)
	}
}
