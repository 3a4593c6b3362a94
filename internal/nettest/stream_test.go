package nettest

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/nettest"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/server"
)

// transports are the connections under the streams. Each function returns the server's
// URL and the client's options, for a handler.
var transports = map[string]func(t *testing.T, h http.Handler) (url string, opts *client.Options){
	"tcp": func(t *testing.T, h http.Handler) (string, *client.Options) {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return "ws" + strings.TrimPrefix(s.URL, "http"), &client.Options{}
	},
	"tls": func(t *testing.T, h http.Handler) (string, *client.Options) {
		s := httptest.NewTLSServer(h)
		t.Cleanup(s.Close)
		roots := s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
		return "ws" + strings.TrimPrefix(s.URL, "http"), &client.Options{TLSConfig: &tls.Config{RootCAs: roots}}
	},
	"memory": func(t *testing.T, h http.Handler) (string, *client.Options) {
		return "ws://test/", &client.Options{Dial: client.DialHandler(h)}
	},
}

func TestStream(t *testing.T) {
	for name, transport := range transports {
		for _, deflate := range []*handshake.Deflate{nil, {}} {
			if deflate != nil {
				name += "_deflate"
			}
			t.Run(name, func(t *testing.T) {
				nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) {
					return pair(t, transport, deflate)
				})
			})
		}
	}
}

// pair returns the client's and the server's stream of a connection, and a function that
// closes both.
func pair(t *testing.T, transport func(*testing.T, http.Handler) (string, *client.Options), deflate *handshake.Deflate) (c1, c2 net.Conn, stop func(), err error) {
	accepted := make(chan *server.Conn, 1)
	ended := make(chan struct{})
	h := server.Handler(&server.Options{Deflate: deflate}, func(c *server.Conn) {
		accepted <- c
		<-ended
	})
	url, opts := transport(t, h)
	opts.Deflate = deflate
	ours, _, err := client.Connect(context.Background(), url, opts)
	if err != nil {
		return nil, nil, nil, err
	}
	theirs := <-accepted
	stop = func() {
		var both sync.WaitGroup
		both.Go(func() { ours.Close() })
		both.Go(func() { theirs.Close() })
		both.Wait()
		close(ended)
	}
	return ours.Stream(frame.Binary), theirs.Stream(frame.Binary), stop, nil
}
