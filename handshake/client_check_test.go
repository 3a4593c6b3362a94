package handshake

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestClientCheckURL(t *testing.T) {
	for _, tt := range []struct {
		name, url string
		reason    string // empty: accepted
	}{
		{"3/ws", "ws://example.com", ""},
		{"3/wss", "wss://example.com/chat?room=1", ""},
		{"3/scheme_in_upper_case", "WS://example.com", ""},
		{"3/port", "ws://example.com:8080/", ""},
		{"3/ipv6", "ws://[::1]:8080/", ""},
		{"3/ipv6_zone", "ws://[fe80::1%25eth0]/", ""},
		{"3/user", "ws://user:pa%3Ass@example.com/", ""},
		{"3/query_without_path", "ws://example.com?q", ""},
		{"3/path_not_ascii", "ws://example.com/ä ö", ""}, // net/url escapes it
		{"3/http", "http://example.com/", "scheme is not ws or wss"},
		{"3/no_scheme", "//example.com/", "scheme is not ws or wss"},
		{"3/no_host", "ws:///chat", "bad host"},
		{"3/port_alone", "ws://:8080/chat", "bad host"},
		{"3/opaque", "ws:example.com", "bad host"},
		{"3/host_not_ascii", "ws://exämple.com/", "bad host"},
		{"3/percent_in_host", "wss://example.com%25.trusted.example/", "bad host"},
		{"3/percent_at_the_end", "wss://example.com%25/", "bad host"},
		{"3/empty_port", "ws://example.com:/", ""},
		{"3/port_too_large", "ws://example.com:65536/", "bad port number"},
		{"3/port_zero", "ws://example.com:0/", "bad port number"},
		{"3/fragment", "ws://example.com/#top", "fragment"},
		{"3/space_in_query", "ws://example.com/?a b", "bad resource name"},
		{"3/query_not_ascii", "ws://example.com/?ä", "bad resource name"},
		{"3/colon_in_user", "ws://us%3Aer@example.com/", "bad user information"},
		{"3/line_break_in_user", "ws://user%0D%0AX:y@example.com/", "bad user information"},
		{"3/null_in_password", "ws://user:%00@example.com/", "bad user information"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, err := url.Parse(tt.url)
			if err != nil {
				t.Fatal(err)
			}
			checkReason(t, new(Client), u, "bad websocket uri: ", tt.reason)
		})
	}
}

// URLs that url.Parse does not make, but a program may.
func TestClientCheckBuiltURL(t *testing.T) {
	for _, tt := range []struct {
		name   string
		url    url.URL
		reason string
	}{
		{"3/line_break_in_host", url.URL{Host: "example.com\r\nX: y"}, "bad host"},
		{"3/percent_in_host", url.URL{Host: "example.com%.trusted.example"}, "bad host"},
		{"3/percent_in_ipv4", url.URL{Host: "127.0.0.1%lo:80"}, "bad host"},
		{"3/name_in_brackets", url.URL{Host: "[example.com]"}, "bad host"},
		{"3/name_in_brackets_with_zone", url.URL{Host: "[example.com%.trusted.example]:443"}, "bad host"},
		{"3/ipv4_in_brackets", url.URL{Host: "[127.0.0.1]"}, "bad host"},
		{"3/ipv6_zone", url.URL{Host: "[fe80::1%eth0]:443"}, ""},
		{"3/ipv6_empty_zone", url.URL{Host: "[fe80::1%]"}, "bad host"},
		{"3/line_break_in_zone", url.URL{Host: "[fe80::1%a\r\nX: y]"}, "bad host"},
		{"3/ipv6_without_end", url.URL{Host: "[fe80::1"}, "bad host"},
		{"3/ipv6_without_brackets", url.URL{Host: "fe80::1%eth0"}, "bad host"},
		{"3/name_behind_ipv6", url.URL{Host: "[::1]example.com:80"}, "bad host"},
		{"3/two_ports", url.URL{Host: "example.com:80:443"}, "bad host"},
		{"3/line_break_in_query", url.URL{Host: "example.com", RawQuery: "a\r\nX: y"}, "bad resource name"},
		{"3/relative_path", url.URL{Host: "example.com", Path: "chat"}, "bad resource name"},
		{"3/opaque", url.URL{Host: "example.com", Opaque: "chat"}, "bad resource name"},
		{"3/line_break_in_path", url.URL{Host: "example.com", Path: "/a\r\nX: y"}, ""}, // net/url escapes it
		{"3/line_break_in_raw_path", url.URL{Host: "example.com", Path: "/a", RawPath: "/a\r\nX: y"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.url.Scheme = "ws"
			checkReason(t, new(Client), &tt.url, "bad websocket uri: ", tt.reason)
			if tt.reason != "" {
				return
			}
			if got := string(new(Client).AppendRequest(nil, &tt.url, "key")); strings.Contains(got, "X: y") {
				t.Errorf("smuggled a line into the request:\n%s", got)
			}
		})
	}
}

func TestClientCheckFields(t *testing.T) {
	for _, tt := range []struct {
		name   string
		client Client
		reason string
	}{
		{"4.1/all_valid", Client{
			Protocols: []string{"chat", "superchat"},
			Origin:    "https://example.com",
			Header:    http.Header{"Cookie": {"a=1; b=\"ä\"\t"}},
			Host:      "[::1]:8080",
			Key:       "dGhlIHNhbXBsZSBub25jZQ==",
			Deflate:   &Deflate{Level: 9, ServerMaxWindowBits: 8, ClientMaxWindowBits: 9},
		}, ""},
		{"4.1/protocol_empty", Client{Protocols: []string{""}}, "bad subprotocol: : not a token"},
		{"4.1/protocol_with_comma", Client{Protocols: []string{"a,b"}}, "bad subprotocol: a,b: not a token"},
		{"4.1/protocol_with_line_break", Client{Protocols: []string{"a\r\nX: y"}}, "bad subprotocol: a??X: y: not a token"},
		{"4.1/protocol_repeated", Client{Protocols: []string{"a", "b", "a"}}, "bad subprotocol: a: repeated"},
		{"4.1/origin_with_line_break", Client{Origin: "http://a\nX: y"}, "bad Origin: http://a?X: y"},
		{"4.1/origin_with_space", Client{Origin: "http://a http://b"}, "bad Origin: http://a http://b"},
		{"4.1/host_with_line_break", Client{Host: "a\r\nX: y"}, "bad Host: a??X: y"},
		{"4.1/host_with_path", Client{Host: "a/b"}, "bad Host: a/b"},
		{"4.1/host_with_percent", Client{Host: "example.com%.trusted.example"}, "bad Host: example.com%.trusted.example"},
		{"4.1/host_with_percent_in_brackets", Client{Host: "[example.com%.trusted.example]:443"}, "bad Host: [example.com%.trusted.example]:443"},
		{"4.1/host_with_two_ports", Client{Host: "a:80:443"}, "bad Host: a:80:443"},
		{"4.1/host_with_port_alone", Client{Host: ":80"}, "bad Host: :80"},
		{"4.1/key_short", Client{Key: "abc"}, "bad Sec-WebSocket-Key: not 16 bytes in base64"},
		{"4.1/key_with_line_break", Client{Key: "dGhlIHNhbXBsZSBub25j\r\n=="}, "bad Sec-WebSocket-Key: not 16 bytes in base64"},
		{"4.1/header_name_empty", Client{Header: http.Header{"": {"x"}}}, "bad request header: : the name is not a token"},
		{"4.1/header_name_with_colon", Client{Header: http.Header{"X: y\r\nZ": {"x"}}}, "bad request header: X: y??Z: the name is not a token"},
		{"4.1/header_value_with_line_break", Client{Header: http.Header{"X-A": {"ok", "x\r\nX-B: y"}}}, "bad request header: X-A: control character in the value"},
		{"4.1/header_value_with_delete", Client{Header: http.Header{"X-A": {"\x7f"}}}, "bad request header: X-A: control character in the value"},
		{"4.1/header_upgrade", Client{Header: http.Header{"upgrade": {"h2c"}}}, "bad request header: upgrade: the handshake sets it"},
		{"4.1/header_connection", Client{Header: http.Header{"Connection": {"close"}}}, "bad request header: Connection: the handshake sets it"},
		{"4.1/header_host", Client{Header: http.Header{"Host": {"a"}}}, "bad request header: Host: use Options.Host"},
		{"4.1/header_origin", Client{Header: http.Header{"Origin": {"a"}}}, "bad request header: Origin: use Options.Origin"},
		{"4.1/header_key", Client{Header: http.Header{"SEC-WEBSOCKET-KEY": {"a"}}}, "bad request header: SEC-WEBSOCKET-KEY: use Options.Key"},
		{"4.1/header_protocol", Client{Header: http.Header{"Sec-Websocket-Protocol": {"a"}}}, "bad request header: Sec-Websocket-Protocol: use Options.Protocols"},
		{"4.1/header_extensions", Client{Header: http.Header{"Sec-Websocket-Extensions": {"a"}}}, "bad request header: Sec-Websocket-Extensions: use Options.Deflate"},
		{"4.1/header_version", Client{Header: http.Header{"Sec-WebSocket-Version": {"8"}}}, "bad request header: Sec-WebSocket-Version: the handshake sets it"},
		{"4.1/header_transfer_encoding", Client{Header: http.Header{"Transfer-Encoding": {"chunked"}}}, "bad request header: Transfer-Encoding: a handshake has no body"},
		{"4.1/deflate_level", Client{Deflate: &Deflate{Level: 10}}, "bad permessage-deflate parameters: Level is 10, not -2 to 9"},
		{"4.1/deflate_window", Client{Deflate: &Deflate{ServerMaxWindowBits: 16}}, "bad permessage-deflate parameters: ServerMaxWindowBits is 16, not 8 to 15"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			checkReason(t, &tt.client, &url.URL{Scheme: "ws", Host: "example.com"}, "", tt.reason)
		})
	}
}

// checkReason compares what Check finds with prefix and reason, or nothing where
// reason is empty.
func checkReason(t *testing.T, c *Client, u *url.URL, prefix, reason string) {
	t.Helper()
	err := c.Check(u)
	if reason == "" {
		if err != nil {
			t.Errorf("refused: %v", err)
		}
		return
	}
	if e, ok := err.(*Error); !ok || e.Reason != prefix+reason || e.Status != 0 {
		t.Errorf("got %v, want %s%s", err, prefix, reason)
	}
}
