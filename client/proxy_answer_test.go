package client

import (
	"io"
	"net"
	"strings"
	"testing"

	"resty.websocket/internal/wiretest"
)

// The response of a proxy that refuses is returned.
func TestProxyRefusal(t *testing.T) {
	wiretest.NoLeaks(t)
	proxy := listenTCP(t, httpProxy(t, "example.com:80", ""))
	c, resp, err := Connect(t.Context(), "ws://example.com/", through("http://you:guess@"+proxy, nil))
	refused(t, err, 407, "failed to connect through the proxy: unexpected response status: 407")
	if c != nil || resp.Header.Get("Proxy-Authenticate") != "Basic" {
		t.Errorf("%v, response %v", c, resp)
	}
	if body, err := io.ReadAll(resp.Body); string(body) != "who?" || err != nil {
		t.Errorf("%q, %v", body, err)
	}
}

// A proxy may send interim responses before it answers (RFC 9110, Section 15.2).
func TestProxyInterimResponses(t *testing.T) {
	wiretest.NoLeaks(t)
	proxy := listenTCP(t, func(nc net.Conn) {
		readRequest(t, nc)
		io.WriteString(nc, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")
		accepting(t, func(net.Conn) {})(nc)
	})
	connect(t, "ws://example.com/", through("http://"+proxy, nil)).CloseNow()
}

// Connect refuses answers of a proxy that are not valid.
func TestProxyNonsense(t *testing.T) {
	long := strings.Repeat("x", 256)
	for _, tt := range []struct {
		name, proxy, answer string
		reason              string
	}{
		{"http/no_answer", "http://", "", "EOF"},
		{"http/not_http", "http://", "SSH-2.0\r\n\r\n", "malformed"},
		{"http/endless_header", "http://", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("y", 1<<20), "more than 64 KiB"},
		{"http/endless_interim_responses", "http://", strings.Repeat("HTTP/1.1 100 Continue please\r\n\r\n", 1<<12), "more than 64 KiB"},
		{"http/data_behind", "http://", "HTTP/1.1 200 OK\r\n\r\nhello", "data behind the response"},
		{"socks/no_answer", "socks5://", "", "EOF"},
		{"socks/version", "socks5://", "\x04\x00", "not a SOCKS5 proxy"},
		{"socks/no_method", "socks5://", "\x05\xff", "none of our authentication methods"},
		{"socks/method_not_offered", "socks5://", "\x05\x02", "none of our authentication methods"},
		{"socks/credentials", "socks5://me:guess@", "\x05\x02\x01\x01", "refuses the credentials"},
		{"socks/credentials_version", "socks5://me:guess@", "\x05\x02\x05\x00", "not a SOCKS5 proxy"},
		{"socks/credentials_unanswered", "socks5://me:guess@", "\x05\x02", "EOF"},
		{"socks/long_user", "socks5://" + long + "@", "", "user name too long for SOCKS: 256 bytes, limit 255"},
		{"socks/long_password", "socks5://me:" + long + "@", "", "password too long for SOCKS: 256 bytes, limit 255"},
		{"socks/no_reply", "socks5://", "\x05\x00", "EOF"},
		{"socks/reply_version", "socks5://", "\x05\x00\x04\x00\x00\x01\x00", "not a SOCKS5 proxy"},
		{"socks/reply_address", "socks5://", "\x05\x00\x05\x00\x00\x02\x00", "not a SOCKS5 proxy"},
		{"socks/refused", "socks5://", "\x05\x00\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00", "connection refused"},
		{"socks/unknown_reply", "socks5://", "\x05\x00\x05\x2a\x00\x01\x00\x00\x00\x00\x00\x00", "reply 0x2a"},
		{"socks/reply_cut", "socks5://", "\x05\x00\x05\x00\x00\x04\x00\x00", "EOF"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wiretest.NoLeaks(t)
			proxy := listenTCP(t, func(nc net.Conn) {
				io.WriteString(nc, tt.answer)
				nc.(*net.TCPConn).CloseWrite()
			})
			_, resp, err := Connect(t.Context(), "ws://example.com/", through(tt.proxy+proxy, nil))
			refused(t, err, 0, "failed to connect through the proxy")
			if resp != nil || !strings.Contains(err.Error(), tt.reason) {
				t.Errorf("%v, response %v; want %q", err, resp, tt.reason)
			}
		})
	}
}

// An error shows a proxy's answer cut short and printable.
func TestProxyIsQuotedLittle(t *testing.T) {
	rude := "\x1b[31m" + strings.Repeat("x", 1000) + "\r\n\r\n"
	for _, tt := range []struct{ name, answer string }{
		{"status_line", rude},
		{"field", "HTTP/1.1 200 OK\r\n" + rude},
		{"continuation", "HTTP/1.1 200 OK\r\n " + rude},
		{"status", "HTTP/1.1 500 " + rude},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wiretest.NoLeaks(t)
			proxy := listenTCP(t, func(nc net.Conn) { io.WriteString(nc, tt.answer); nc.(*net.TCPConn).CloseWrite() })
			_, _, err := Connect(t.Context(), "ws://example.com/", through("http://"+proxy, nil))
			if text := err.Error(); len(text) > 300 || strings.Contains(text, "\x1b") {
				t.Errorf("%d bytes: %q", len(text), text)
			}
		})
	}
}
