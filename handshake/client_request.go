package handshake

import (
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"strings"

	"resty.websocket/internal/http1"
)

// userAgent is the User-Agent of a request whose caller has not chosen one.
const userAgent = "resty.websocket"

// AppendRequest appends to dst the request for u, with key as Sec-WebSocket-Key
// (RFC 6455, Section 4.1). User information in u is sent as Basic credentials,
// unless Header has an Authorization. Host comes first, as RFC 9110, Section 7.2,
// recommends.
func (c *Client) AppendRequest(dst []byte, u *url.URL, key string) []byte {
	host := c.Host
	if host == "" {
		host = hostOf(u)
	}
	dst = append(dst, "GET "...)
	dst = append(dst, u.RequestURI()...)
	dst = append(dst, " HTTP/1.1\r\n"...)
	dst = appendLine(dst, "Host", host)
	dst = append(dst, "Upgrade: websocket\r\n"...)
	dst = appendLine(dst, "Sec-WebSocket-Key", key)
	if len(c.Protocols) > 0 {
		dst = appendLine(dst, "Sec-WebSocket-Protocol", strings.Join(c.Protocols, ","))
	}
	dst = append(dst, "Sec-WebSocket-Version: 13\r\n"...)
	if c.Deflate != nil {
		dst = append(dst, "Sec-WebSocket-Extensions: "...)
		dst = append(c.Deflate.offer().append(dst), "\r\n"...)
	}
	if c.Origin != "" {
		dst = appendLine(dst, "Origin", c.Origin)
	}
	dst = append(dst, "Connection: Upgrade\r\n"...)
	return append(c.appendFurther(dst, u), "\r\n"...)
}

// appendFurther appends Header's lines, and the defaults of those that Header does not
// have.
func (c *Client) appendFurther(dst []byte, u *url.URL) []byte {
	if !hasHeader(c.Header, "user-agent") {
		dst = appendLine(dst, "User-Agent", userAgent)
	}
	if u.User != nil && !hasHeader(c.Header, "authorization") {
		dst = append(dst, "Authorization: "...)
		dst = append(http1.AppendBasic(dst, u.User), "\r\n"...)
	}
	return appendHeader(dst, c.Header)
}

// hostOf returns the value of the Host header field for u: host, and port "when
// not using the default port". An IPv6 zone has no meaning on another machine and is
// left out (RFC 6874, Section 4).
func hostOf(u *url.URL) string {
	host := u.Hostname()
	if strings.Contains(host, ":") {
		host, _, _ = strings.Cut(host, "%")
		host = "[" + host + "]"
	}
	port := u.Port()
	if port == "" || u.Scheme == "ws" && port == "80" || u.Scheme == "wss" && port == "443" {
		return host
	}
	return host + ":" + port
}

// newKey returns a Sec-WebSocket-Key: "a nonce consisting of a randomly selected
// 16-byte value".
func newKey() string {
	var nonce [16]byte
	rand.Read(nonce[:]) // never fails
	return base64.StdEncoding.EncodeToString(nonce[:])
}
