package handshake

import (
	"io"
	"net/http"
	"net/url"
	"slices"
)

// Upgrade makes the handshake for u on rw, a connection to the server of u, over
// which nothing was sent yet. It writes the request in one piece and reads the
// response, whose header may have 64 KiB. early holds the bytes that were read
// behind it: the first frames. It is nil if there are none.
//
// If err is not nil, it is an *Error and rw is of no further use. resp is then nil
// if no response could be read, or else that response, with the first 4 KiB of its
// body in memory. Redirects are not followed.
//
// Upgrade waits as long as rw does. Set a deadline, or be ready to close rw.
func (c *Client) Upgrade(rw io.ReadWriter, u *url.URL) (early []byte, resp *http.Response, a Agreement, err error) {
	key := c.Key
	if key == "" {
		key = newKey()
	}
	if _, err := rw.Write(c.AppendRequest(nil, u, key)); err != nil {
		return nil, nil, Agreement{}, &Error{Reason: "failed to send the handshake request", Err: err}
	}
	in := &responseReader{r: rw, left: maxResponseHeader}
	resp, refusal := in.response(&http.Request{Method: http.MethodGet, URL: u, Host: c.Host})
	if refusal != nil {
		return nil, nil, Agreement{}, refusal
	}
	a, refusal = c.checkResponse(resp, key)
	if refusal != nil {
		refusal.Status = resp.StatusCode
		readBody(resp)
		return nil, resp, Agreement{}, refusal
	}
	return in.behind(), resp, a, nil
}

// checkResponse holds resp against the list in Section 4.1, in that order.
func (c *Client) checkResponse(resp *http.Response, key string) (Agreement, *Error) {
	h := resp.Header
	protocols := h[headerProtocol]
	malformed, isMalformed := malformedHeader(h)
	switch {
	case resp.StatusCode != http.StatusSwitchingProtocols:
		return Agreement{}, &Error{
			Reason:  "unexpected response status: " + printable(resp.Status),
			Section: section41,
		}
	case resp.Proto != "HTTP/1.1":
		return Agreement{}, &Error{
			Reason:  "bad HTTP response status line: " + printable(resp.Proto+" "+resp.Status),
			Section: section41,
		}
	case isMalformed:
		return Agreement{}, badResponse(printable(malformed), section41)
	case len(h["Upgrade"]) != 1 || !equalFold(h["Upgrade"][0], "websocket"):
		return Agreement{}, badResponse("upgrade", section41)
	case !listContains(h["Connection"], "upgrade"):
		return Agreement{}, badResponse("connection", section41)
	case len(h[headerAccept]) != 1 || h[headerAccept][0] != Accept(key):
		return Agreement{}, badResponse("sec-websocket-accept", section41)
	case len(protocols) > 1:
		return Agreement{}, badResponse("sec-websocket-protocol", "RFC 6455, Section 11.3.4")
	case len(protocols) == 1 && !slices.Contains(c.Protocols, protocols[0]):
		return Agreement{}, &Error{
			Reason:  "subprotocol not offered: " + quote(protocols),
			Section: section41,
		}
	}
	var a Agreement
	if len(protocols) == 1 {
		a.Protocol = protocols[0]
	}
	var err *Error
	a.Deflate, err = c.Deflate.confirm(h[headerExtensions])
	return a, err
}
