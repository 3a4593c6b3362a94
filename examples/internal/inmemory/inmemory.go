// Package inmemory connects clients to handlers without a port, for the tests of the examples.
package inmemory

import (
	"context"
	"net/http"

	"resty.websocket/client"
)

// Connect connects a client to h, which sees a request for path. The Dial of opts is not used. If the handshake fails, the
// response is the refusal.
func Connect(h http.Handler, path string, opts *client.Options) (*client.Conn, *http.Response, error) {
	var own client.Options
	if opts != nil {
		own = *opts
	}
	own.Dial = client.DialHandler(h)
	return client.Connect(context.Background(), "ws://chat.example"+path, &own)
}
