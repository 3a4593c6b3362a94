package handshake

import (
	"bufio"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// FuzzHandshake holds the check of a request against one written a second time,
// with regular expressions and no thought of speed: both accept the same requests,
// and what is refused is refused with a documented status.
func FuzzHandshake(f *testing.F) {
	for _, changes := range [][]string{
		nil,
		{"Connection: keep-alive, Upgrade", "Upgrade: h2c", "+Upgrade: WebSocket"},
		{"Sec-WebSocket-Protocol: a, chat", "+Sec-WebSocket-Protocol: b"},
		{"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits", "Origin: http://server.example.com:80"},
		{`Sec-WebSocket-Extensions: foo; a="b\c" ; d , permessage-deflate; server_max_window_bits="10"`},
		{"Host: [::1]:8080", "Origin: http://[::1]:8080"},
		{"Sec-WebSocket-Version: 12"},
		{"Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4P"},
		{"Content-Length: 1"},
		{"Transfer-Encoding: chunked"},
		{"POST / HTTP/1.1"},
		{"GET / HTTP/1.0"},
		{"Origin: null"},
	} {
		f.Add([]byte(request(changes...)))
	}
	s := Server{Protocols: []string{"superchat", "chat", "b"}, Deflate: &Deflate{}}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(string(raw))))
		if err != nil {
			return
		}
		var a answer
		refusal := s.check(r, &a)
		if refusal != nil {
			if !slices.Contains([]int{400, 403, 405, 426, 505}, refusal.Status) {
				t.Errorf("status %d: %v", refusal.Status, refusal)
			}
			if badValue(refusal.Reason) {
				t.Errorf("unprintable reason: %q", refusal.Reason)
			}
		}
		if want := naiveCheck(r); (refusal == nil) != want {
			t.Fatalf("valid: %v, but check says: %v", want, refusal)
		}
		if refusal != nil {
			return
		}
		if want := naiveChoice(r, s.Protocols); a.protocol != want {
			t.Errorf("chose %q, want %q", a.protocol, want)
		}
		response := s.appendResponse(nil, &a)
		if resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(string(response))), r); err != nil {
			t.Errorf("%v in %q", err, response)
		} else if resp.Header.Get("Sec-WebSocket-Protocol") != a.protocol || resp.StatusCode != 101 {
			t.Errorf("answered with %q", response)
		}
	})
}

// FuzzOrigins holds the match of an origin with one of a Server's Origins against one
// written with regular expressions.
func FuzzOrigins(f *testing.F) {
	for _, pattern := range []string{"https://example.com", "HTTP://*.Example.com:8080", "app://x", "https://*.com", "http://a:80", "https://*"} {
		for _, origin := range []string{"https://example.com:443", "http://a.b.example.com:8080", "app://x", "http://a", "null", "https://evil/.com"} {
			f.Add(pattern, origin)
		}
	}
	f.Fuzz(func(t *testing.T, pattern, origin string) {
		o, ok := parsePattern(pattern)
		if strings.Contains(pattern, "[") {
			return // IPv6 has no regular expression
		}
		m := naivePattern.FindStringSubmatch(pattern)
		if want := m != nil && len(m[3]) < 6 && (len(m[3]) < 5 || m[3] <= "65535"); ok != want {
			t.Fatalf("pattern %q: %v, want %v", pattern, ok, want)
		}
		if !ok {
			return
		}
		from, isOrigin := splitOrigin(origin)
		if got, want := isOrigin && o.matches(from), naiveMatch(pattern, origin); got != want {
			t.Errorf("pattern %q, origin %q: %v, want %v", pattern, origin, got, want)
		}
	})
}

// FuzzNegotiate offers anything to a server that wants anything: what is agreed is
// what one valid offer allows and the server wants, and a client that made that
// offer could confirm it.
func FuzzNegotiate(f *testing.F) {
	f.Add("permessage-deflate; client_max_window_bits", "", uint8(0), uint8(0), uint8(0))
	f.Add("permessage-deflate; server_max_window_bits=8, permessage-deflate", "foo", uint8(3), uint8(10), uint8(9))
	f.Add(`permessage-deflate; server_max_window_bits="1\0"; server_no_context_takeover`, "", uint8(1), uint8(0), uint8(12))
	f.Add("permessage-deflate; client_no_context_takeover; client_max_window_bits=11", "x-permessage-deflate-foo", uint8(2), uint8(15), uint8(15))
	f.Fuzz(func(t *testing.T, line1, line2 string, flags, serverBits, clientBits uint8) {
		d := &Deflate{
			ServerNoContextTakeover: flags&1 != 0,
			ClientNoContextTakeover: flags&2 != 0,
			ServerMaxWindowBits:     int(serverBits % 16),
			ClientMaxWindowBits:     int(clientBits % 16),
		}
		if d.problem() != "" {
			return
		}
		lines := []string{line1, line2}
		response, accepted, ok := d.negotiate(lines)
		if want := extensionList.MatchString(strings.Join(lines, ",")); ok != want {
			t.Fatalf("well-formed: %v, want %v", ok, want)
		}
		if !ok || !accepted {
			return
		}
		agreed := d.agreed(response)
		if !slices.ContainsFunc(naiveOffers(lines), func(offer url.Values) bool { return naiveAllows(offer, agreed, response) }) {
			t.Errorf("%q: no offer allows %+v", lines, agreed)
		}
		if agreed.ServerMaxWindowBits > limit(d.ServerMaxWindowBits) || agreed.ClientMaxWindowBits > limit(d.ClientMaxWindowBits) ||
			d.ServerNoContextTakeover && !agreed.ServerNoContextTakeover || d.ClientNoContextTakeover && !agreed.ClientNoContextTakeover {
			t.Errorf("%+v became %+v", d, agreed)
		}
		text := string(response.append(nil))
		if confirmed, err := new(Deflate).confirm([]string{text}); err != nil || *confirmed != *agreed {
			t.Errorf("a client reads %q as %+v, %v; the server as %+v", text, confirmed, err, agreed)
		}
	})
}

// FuzzResponse feeds anything to a client. It takes only responses that have what
// RFC 6455, Section 4.1 demands, never more than was offered, and loses no byte
// behind the header.
func FuzzResponse(f *testing.F) {
	for _, tt := range responseTests {
		f.Add([]byte(tt.raw + "\x81\x05Hello"))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		rest := strings.NewReader(string(raw))
		result, err := testClient.Upgrade(&scriptedConn{r: rest}, testURL)
		early, a := result.Early, result.Agreement
		if err != nil {
			if _, ok := err.(*Error); !ok || early != nil || a != (Agreement{}) {
				t.Errorf("got %q, %+v, %#v", early, a, err)
			}
			return
		}
		behind := string(raw[len(raw)-rest.Len()-len(early) : len(raw)-rest.Len()])
		if string(early) != behind {
			t.Errorf("early bytes are %q, want %q", early, behind)
		}
		h := result.Response.Header
		if result.Response.StatusCode != 101 || !naiveContains(h.Values("Upgrade"), "websocket") || !naiveContains(h.Values("Connection"), "upgrade") ||
			h.Get("Sec-WebSocket-Accept") != Accept(testClient.Key) ||
			a.Protocol != "" && !slices.Contains(testClient.Protocols, a.Protocol) ||
			(a.Deflate != nil) != (len(naiveOffers(h.Values("Sec-WebSocket-Extensions"))) == 1) {
			t.Errorf("accepted %q as %+v", raw, a)
		}
	})
}
