// Package reconnect keeps a client connected. Its counterpart for browsers is reconnect.mjs.
package reconnect

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
)

const (
	firstWait = 500 * time.Millisecond
	maxWait   = 30 * time.Second
	// steady is how long a connection must last to count as a success. A server that accepts connections and drops them
	// must not be called without a pause.
	steady = 10 * time.Second
)

// Run connects to url and calls serve with the connection, again and again, until ctx is done or there is no use in
// connecting again. It returns the error of the last connection, or of the last attempt. If serve returns nil, so does Run.
//
// The wait between two connections grows from half a second to half a minute. Half of it is random, because all clients of
// a server lose it at the same moment (RFC 6455, Section 7.2.3). A server that sends Retry-After is asked no earlier.
//
// A message may have been lost with its connection. After each connection serve must agree with the server on
// where to go on.
func Run(ctx context.Context, url string, opts *client.Options, serve func(*client.Conn) error) error {
	wait := firstWait
	for {
		begun := time.Now()
		resp, err := once(ctx, url, opts, serve)
		if err == nil || ctx.Err() != nil || final(err, resp) {
			return err
		}
		if time.Since(begun) >= steady {
			wait = firstWait
		}
		select {
		case <-time.After(max(wait/2+rand.N(wait/2), retryAfter(resp))):
		case <-ctx.Done():
			return err
		}
		wait = min(2*wait, maxWait)
	}
}

// once serves one connection.
func once(ctx context.Context, url string, opts *client.Options, serve func(*client.Conn) error) (*http.Response, error) {
	dialling, cancel := context.WithTimeout(ctx, 20*time.Second) // Connect has no bound of its own
	defer cancel()
	wb, resp, err := client.Connect(dialling, url, opts)
	if err != nil {
		return resp, err
	}
	defer wb.Close()
	defer context.AfterFunc(ctx, func() { wb.Close() })()
	return nil, serve(wb)
}

// final reports whether the same request would fail again: the server has refused it, or has closed the connection because
// of what the client is or does. A server that is too busy or goes away says so with other codes.
func final(err error, resp *http.Response) bool {
	if resp != nil {
		return resp.StatusCode/100 == 4 && resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusRequestTimeout
	}
	var closed *frame.CloseError
	if !errors.As(err, &closed) {
		return false
	}
	switch closed.Code {
	case frame.StatusPolicyViolation, frame.StatusUnsupportedData, frame.StatusMessageTooBig:
		return true
	}
	return false
}

// retryAfter returns what a refusal says, in seconds.
func retryAfter(resp *http.Response) time.Duration {
	if resp == nil {
		return 0
	}
	seconds, err := strconv.ParseUint(resp.Header.Get("Retry-After"), 10, 16)
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
