package handshake

import (
	"net"
	"net/http"
	"net/url"

	"resty.websocket/internal/http1"
)

// A Client is the client's half of the handshake (RFC 6455, Section 4.1). The zero
// value asks for neither subprotocol nor compression.
//
// A Client dials nothing: the caller calls Check, dials, and calls Upgrade on the
// connection. Multiple goroutines may invoke the methods simultaneously. The fields must
// not change meanwhile.
type Client struct {
	// Protocols are the subprotocols to offer, most preferred first. A server of
	// lua-resty-websocket answers with the whole list, which is refused unless only
	// one is offered.
	Protocols []string

	// Origin is the value of the Origin header field. If empty, none is sent, which
	// is right for all programs but browsers.
	Origin string

	// Header has further header fields for the request, Authorization or Cookie
	// for instance. The fields that the handshake sets cannot be among them, nor Host
	// and Origin, which have their own fields here. The User-Agent is
	// "resty.websocket" unless Header has another. If Header's is empty, none is sent.
	Header http.Header

	// Host is the value of the Host header field. If empty, it is the URL's host,
	// with the port unless it is the scheme's default.
	Host string

	// Key is the value of the Sec-WebSocket-Key header field: 16 bytes in base64.
	// If empty, as it should be outside of tests, Upgrade makes one at random.
	Key string

	// Deflate holds the parameters of permessage-deflate to offer. If nil, none
	// is offered.
	Deflate *Deflate
}

// Check returns an *Error if u is no WebSocket URL (RFC 6455, Section 3) or a field
// of c is not valid, so that no request can be made, and nil otherwise. CR, LF and
// other control characters are refused everywhere, so that nothing can be smuggled
// into the request. The other methods rely on Check: they must not be called if it
// returns an error.
//
// The scheme of u is ws or wss, its host is ASCII, and it has no fragment. A percent
// sign in the host is refused unless it begins the zone of an IPv6 address.
func (c *Client) Check(u *url.URL) error {
	if reason := checkURL(u); reason != "" {
		return &Error{Reason: "bad websocket uri: " + reason, Section: "RFC 6455, Section 3"}
	}
	if reason := c.checkFields(); reason != "" {
		return &Error{Reason: reason, Section: section41}
	}
	return nil
}

// Upgrade makes the handshake for u on nc, a connection to the server of u, over
// which nothing was sent yet. It writes the request in one piece and reads the
// response, whose header may have 64 KiB.
//
// If err is not nil, it is an *Error and nc is of no further use. The result then
// holds nothing but the Response, if one could be read. Of its body, up to 4 KiB are in
// memory, as much as came within a second of the header; the body needs no closing.
// Redirects are not followed.
//
// Upgrade waits for the response as long as nc does. The caller must set a deadline, or
// be ready to close nc. Upgrade itself sets no deadline. It closes nc if a body takes
// longer than a second.
func (c *Client) Upgrade(nc net.Conn, u *url.URL) (Result, error) {
	key := c.Key
	if key == "" {
		key = newKey()
	}
	if _, err := nc.Write(c.AppendRequest(nil, u, key)); err != nil {
		return Result{}, &Error{Reason: "failed to send the handshake request", Err: err}
	}
	in := http1.NewReader(nc)
	resp, err := in.Response(&http.Request{Method: http.MethodGet, URL: u, Host: c.Host})
	if err != nil {
		return Result{}, noResponse(err)
	}
	agreement, refusal := c.checkResponse(resp, key)
	if refusal != nil {
		refusal.Status = resp.StatusCode
		in.KeepBody(resp)
		return Result{Response: resp}, refusal
	}
	return Result{Agreement: agreement, Conn: nc, Early: in.Buffered(), Response: resp}, nil
}
