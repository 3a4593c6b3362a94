package transport

import (
	"crypto/tls"
	"net"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/internal/wiretest"
)

// serverTLS returns a configuration with a certificate.
func serverTLS() *tls.Config {
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	return &tls.Config{Certificates: s.TLS.Certificates}
}

// TestAbort has a peer that has stopped reading, beneath layers of TLS.
func TestAbort(t *testing.T) {
	cfg := serverTLS()
	for _, test := range []struct {
		name   string
		layers int
	}{{"plain", 0}, {"tls", 1}, {"tls_in_tls", 2}} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				own, other := wiretest.Pipe()
				defer other.Close()
				var nc, peer net.Conn = own, other
				for range test.layers {
					secure, client := tls.Server(nc, cfg), tls.Client(peer, &tls.Config{InsecureSkipVerify: true})
					go client.Handshake()
					if err := secure.Handshake(); err != nil {
						t.Fatal(err)
					}
					synctest.Wait()
					nc, peer = secure, client
				}
				own.SetWriteBuffer(0)
				start := time.Now()
				if err := Abort(nc); err != nil {
					t.Error(err)
				}
				if took := time.Since(start); took != 0 {
					t.Errorf("took %v", took)
				}
				if _, err := own.Write(nil); err != net.ErrClosed {
					t.Errorf("the connection is not closed: %v", err)
				}
			})
		})
	}
}

// TestAbortError has the connection at the bottom return an error.
func TestAbortError(t *testing.T) {
	a, b := net.Pipe()
	defer b.Close()
	if err := Abort(tls.Client(failing{a}, nil)); err != net.ErrClosed {
		t.Errorf("Abort returns %v", err)
	}
}

// A failing returns net.ErrClosed when it is closed.
type failing struct{ net.Conn }

func (c failing) Close() error {
	c.Conn.Close()
	return net.ErrClosed
}
