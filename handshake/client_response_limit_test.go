package handshake

import (
	"errors"
	"io"
	"strings"
	"testing"

	"resty.websocket/internal/http1"
)

func TestClientUpgradeHeaderLimit(t *testing.T) {
	// padded returns a response of n bytes.
	padded := func(n int) string {
		short := response("X-Padding: ")
		return response("X-Padding: " + strings.Repeat("x", n-len(short)))
	}
	for _, tt := range []struct {
		name string
		r    io.Reader
		want error
	}{
		{"4.1/header_of_64KiB", strings.NewReader(padded(http1.MaxHeader) + "early"), nil},
		{"4.1/header_one_byte_longer", strings.NewReader(padded(http1.MaxHeader + 1)), http1.ErrHeaderTooLong},
		{"4.1/header_of_1MiB", strings.NewReader(padded(1 << 20)), http1.ErrHeaderTooLong},
		{"4.1/header_without_end", io.MultiReader(strings.NewReader("HTTP/1.1 101 x\r\n"), endless("X: y\r\n")), http1.ErrHeaderTooLong},
		{"4.1/status_line_without_end", endless("HTTP/1.1 101"), http1.ErrHeaderTooLong},
		{"4.1/interim_responses_without_end", endless("HTTP/1.1 103 Early Hints\r\n\r\n"), http1.ErrHeaderTooLong},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := testClient.Upgrade(&scriptedConn{r: tt.r}, testURL)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// endless returns a Reader that repeats text for ever.
func endless(text string) io.Reader { return &repeater{text: text} }

type repeater struct {
	text string
	pos  int
}

func (r *repeater) Read(p []byte) (n int, err error) {
	for n < len(p) {
		m := copy(p[n:], r.text[r.pos:])
		n, r.pos = n+m, (r.pos+m)%len(r.text)
	}
	return n, nil
}

func TestClientUpgradeRefusalBody(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 1000)
	for _, tt := range []struct{ name, raw, want string }{
		{"4.1/with_length", "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno+++", "no"},
		{"4.1/in_chunks", "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n+++", "no"},
		{"4.1/until_the_end", "HTTP/1.1 403 Forbidden\r\n\r\nno", "no"},
		{"4.1/cut_short", "HTTP/1.1 403 Forbidden\r\nContent-Length: 10\r\n\r\nno", "no"},
		{"4.1/broken_chunks", "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\nbanana", "no"},
		{"4.1/longer_than_4KiB", "HTTP/1.1 403 Forbidden\r\n\r\n" + long, long[:http1.MaxBody]},
		{"4.1/none", "HTTP/1.1 304 Not Modified\r\n\r\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			result, err := testClient.Upgrade(&scriptedConn{r: strings.NewReader(tt.raw)}, testURL)
			if err == nil || result.Response == nil {
				t.Fatalf("got %+v, %v", result, err)
			}
			body, err := io.ReadAll(result.Response.Body)
			if err != nil || string(body) != tt.want {
				t.Errorf("body is %q, %v; want %q", body, err, tt.want)
			}
		})
	}
}

func TestClientUpgradeQuotesLittle(t *testing.T) {
	long := strings.Repeat("\x1b[31m", 1000) + "\r\n\r\n"
	for _, tt := range []struct{ name, raw string }{
		{"4.1/status_line", long},
		{"4.1/version", "HTTP/1.0 101 " + long},
		{"4.1/status", "HTTP/1.1 500 " + long},
		{"4.1/field", response("+" + long)},
		{"4.1/protocol", response("Sec-WebSocket-Protocol: " + strings.Repeat("x", 1000))},
		{"4.1/extension", response("Sec-WebSocket-Extensions: " + strings.Repeat("x", 1000))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := testClient.Upgrade(&scriptedConn{r: strings.NewReader(tt.raw)}, testURL)
			if text := err.Error(); len(text) > 200 || badValue(text) {
				t.Errorf("%d bytes: %q", len(text), text)
			}
		})
	}
}
