package client

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

const (
	// maxProxyResponse is how many bytes of a proxy's response are read.
	maxProxyResponse = 64 << 10
	// maxRefusalBody is how many bytes of a refusal's body are kept.
	maxRefusalBody = 4 << 10
)

// connectHTTP asks an HTTP proxy for a tunnel to addr (RFC 9110, Section 9.3.6).
// If it refuses, its response comes with the error, the body in memory.
func connectHTTP(rw io.ReadWriter, user *url.Userinfo, addr string) (*http.Response, error) {
	request := "CONNECT " + addr + " HTTP/1.1\r\nHost: " + addr + "\r\n"
	if user != nil {
		password, _ := user.Password()
		credentials := base64.StdEncoding.EncodeToString([]byte(user.Username() + ":" + password))
		request += "Proxy-Authorization: Basic " + credentials + "\r\n"
	}
	if _, err := io.WriteString(rw, request+"\r\n"); err != nil {
		return nil, err
	}
	br := bufio.NewReader(io.LimitReader(rw, maxProxyResponse))
	r := &http.Request{Method: http.MethodConnect}
	resp, err := http.ReadResponse(br, r)
	for err == nil && resp.StatusCode/100 == 1 && resp.StatusCode != http.StatusSwitchingProtocols {
		resp, err = http.ReadResponse(br, r) // that was an interim response, which has no body
	}
	switch {
	case err != nil:
		return nil, shortError{err}
	case resp.StatusCode/100 != 2:
		body, _ := io.ReadAll(io.LimitReader(resp.Body, maxRefusalBody))
		resp.Body = io.NopCloser(bytes.NewReader(body))
		return resp, fmt.Errorf("unexpected response status: %d", resp.StatusCode)
	case br.Buffered() > 0:
		// The server, be it with TLS or without, waits for us to begin.
		return nil, errors.New("data behind the response")
	}
	return nil, nil
}

// A shortError is an error of net/http, which quotes the proxy at any length. Of
// its text it shows 200 bytes.
type shortError struct{ error }

func (e shortError) Error() string {
	text := e.error.Error()
	return text[:min(len(text), 200)]
}

func (e shortError) Unwrap() error { return e.error }
