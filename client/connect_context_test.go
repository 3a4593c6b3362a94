package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/internal/wiretest"
)

// Connect notices the end of its context at every stage, and leaves nothing behind.
func TestConnectContext(t *testing.T) {
	cause := errors.New("enough")
	for _, tt := range []struct {
		name, scheme string
		serve        func(nc net.Conn, end func())
	}{
		{"tls", "wss", func(nc net.Conn, end func()) { nc.Read(make([]byte, 1)); end() }},
		{"no_response", "ws", func(nc net.Conn, end func()) { readRequest(t, nc); end() }},
		{"half_a_response", "ws", func(nc net.Conn, end func()) {
			io.WriteString(nc, switchingProtocols(readRequest(t, nc))[:50])
			end()
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wiretest.NoLeaks(t)
			ctx, end := context.WithCancelCause(t.Context())
			addr := listenTCP(t, func(nc net.Conn) { tt.serve(nc, func() { end(cause) }) })
			c, resp, err := Connect(ctx, tt.scheme+"://"+addr, nil)
			if c != nil || resp != nil || !errors.Is(err, cause) {
				t.Errorf("%v, %v, %v; want %v", c, resp, err, cause)
			}
			refused(t, err, 0, "failed")
		})
	}
}

func TestConnectContextDone(t *testing.T) {
	wiretest.NoLeaks(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := Connect(ctx, "ws://127.0.0.1:9/", nil)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Connect does not wait to end TLS with a server that reads no more, if Dial has begun it.
func TestConnectContextTLSOfDial(t *testing.T) {
	ca := newAuthority(t)
	cert := ca.issue(&x509.Certificate{DNSNames: []string{"example.com"}})
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		opts := &Options{Dial: func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go secured(&tls.Config{Certificates: []tls.Certificate{cert}}, func(nc net.Conn) {
				readRequest(t, nc)
				synctest.Wait() // Connect reads
				end()
			})(theirs)
			return tls.Client(ours, &tls.Config{InsecureSkipVerify: true}), nil
		}, Proxy: proxy("")}
		start := time.Now()
		_, _, err := Connect(ctx, "ws://example.com/", opts)
		if elapsed := time.Since(start); !errors.Is(err, context.Canceled) || elapsed != 0 {
			t.Errorf("%v after %v", err, elapsed)
		}
	})
}

// A dialler may notice the context's deadline before the context does.
func TestConnectContextDeadline(t *testing.T) {
	cause := errors.New("too late")
	opts := &Options{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		deadline, _ := ctx.Deadline()
		<-time.After(time.Until(deadline))
		return nil, os.ErrDeadlineExceeded
	}}
	synctest.Test(t, func(t *testing.T) {
		for range 20 { // either of the two may be first
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, cause)
			_, _, err := Connect(ctx, "ws://127.0.0.1/", opts)
			if !errors.Is(err, cause) {
				t.Errorf("%v, want %v", err, cause)
			}
			cancel()
		}
	})
}

// If the context ends when the handshake is done already, the caller does not
// get a connection that is closed.
func TestConnectContextLate(t *testing.T) {
	wiretest.NoLeaks(t)
	ctx, cancel := context.WithCancel(t.Context())
	addr := listenTCP(t, accepting(t, func(net.Conn) {}))
	opts := &Options{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		nc, err := new(net.Dialer).DialContext(ctx, network, addr)
		return &cancelling{Conn: nc, cancel: cancel}, err
	}}
	c, resp, err := Connect(ctx, "ws://"+addr, opts)
	if c != nil || resp != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v, %v", c, resp, err)
	}
}

// cancelling is a connection that ends a context when the response has been read.
type cancelling struct {
	net.Conn
	cancel func()
}

func (c *cancelling) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.cancel()
	return n, err
}
