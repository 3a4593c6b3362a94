package handshake

import (
	"net/http"
	"slices"

	"resty.websocket/internal/http1"
)

// noResponse returns the error for err, which came instead of a response.
func noResponse(err error) *Error {
	if _, ok := err.(http1.SyntaxError); ok {
		return &Error{Reason: "bad HTTP response", Section: section41, Err: err}
	}
	return &Error{Reason: "failed to receive response header", Err: err}
}

// checkResponse holds resp against the list of Section 4.1, in that order.
func (c *Client) checkResponse(resp *http.Response, key string) (Agreement, *Error) {
	h := resp.Header
	protocols := h[headerProtocol]
	malformed, problem := malformedHeader(h)
	switch {
	case resp.StatusCode != http.StatusSwitchingProtocols:
		return Agreement{}, &Error{
			Reason:  "unexpected response status: " + http1.Printable(resp.Status),
			Section: section41,
		}
	case resp.Proto != "HTTP/1.1":
		return Agreement{}, &Error{
			Reason:  "bad HTTP response status line: " + http1.Printable(resp.Proto+" "+resp.Status),
			Section: section41,
		}
	case problem != "":
		return Agreement{}, badResponse(http1.Printable(malformed), section41)
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
