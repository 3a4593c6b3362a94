package client

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"resty.websocket/internal/http1"
)

// connectHTTP asks an HTTP proxy for a tunnel to addr (RFC 9110, Section 9.3.6).
// If it refuses, its response comes with the error, the body in memory.
func connectHTTP(nc net.Conn, user *url.Userinfo, addr string) (*http.Response, error) {
	request := []byte("CONNECT " + addr + " HTTP/1.1\r\nHost: " + addr + "\r\n")
	if user != nil {
		request = append(request, "Proxy-Authorization: "...)
		request = append(http1.AppendBasic(request, user), "\r\n"...)
	}
	if _, err := nc.Write(append(request, "\r\n"...)); err != nil {
		return nil, err
	}
	in := http1.NewReader(nc)
	resp, err := in.Response(&http.Request{Method: http.MethodConnect})
	switch {
	case err != nil:
		return nil, err
	case resp.StatusCode/100 != 2:
		in.KeepBody(resp)
		return resp, fmt.Errorf("unexpected response status: %d", resp.StatusCode)
	case in.Buffered() != nil:
		// The server waits for the client to begin, with TLS and without.
		return nil, errors.New("data behind the response")
	}
	return nil, nil
}
