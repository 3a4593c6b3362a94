package client

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"slices"
	"testing"
	"time"

	"resty.websocket/internal/wiretest"
)

// An authority issues certificates for a test.
type authority struct {
	t     *testing.T
	cert  *x509.Certificate
	key   *ecdsa.PrivateKey
	roots *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t, roots: x509.NewCertPool()}
	a.cert = &x509.Certificate{
		Subject: pkix.Name{CommonName: "the test's authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	}
	a.cert = a.issue(a.cert).Leaf
	a.roots.AddCert(a.cert)
	return a
}

// issue issues a certificate, or the authority's own.
func (a *authority) issue(template *x509.Certificate) tls.Certificate {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	if a.key == nil {
		a.key = key
	}
	template.SerialNumber = big.NewInt(1)
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// forServer issues the certificate of a server on the loopback interface that is
// also known as example.com.
func (a *authority) forServer() tls.Certificate {
	a.t.Helper()
	return a.issue(&x509.Certificate{
		DNSNames:    []string{"example.com"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
}

// forClient issues the certificate of a client.
func (a *authority) forClient(name string) tls.Certificate {
	a.t.Helper()
	return a.issue(&x509.Certificate{
		Subject:     pkix.Name{CommonName: name},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
}

// secured is serve behind TLS. The client reports a handshake that fails.
func secured(cfg *tls.Config, serve func(net.Conn)) func(net.Conn) {
	return func(nc net.Conn) {
		secure := tls.Server(nc, cfg)
		if secure.Handshake() == nil {
			serve(secure)
		}
	}
}

// The server's name, for SNI and for its certificate, is ServerName, else Host,
// else the URL's host.
func TestTLSServerName(t *testing.T) {
	ca := newAuthority(t)
	for _, tt := range []struct {
		name       string
		host       string
		serverName string
		sni        string // IP addresses are never sent
		badName    bool
	}{
		{"url", "", "", "", false},
		{"host", "example.com", "", "example.com", false},
		{"host_and_port", "example.com:8443", "", "example.com", false},
		{"ipv6_host", "[::1%25lo]:8443", "", "", true}, // the certificate has no such address
		{"server_name", "", "example.com", "example.com", false},
		{"both", "example.org", "example.com", "example.com", false},
		{"wrong_name", "example.org", "", "example.org", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wiretest.NoLeaks(t)
			hello := make(chan *tls.ClientHelloInfo, 1)
			cfg := &tls.Config{Certificates: []tls.Certificate{ca.forServer()}, NextProtos: []string{"h2", "http/1.1"}}
			cfg.GetConfigForClient = func(h *tls.ClientHelloInfo) (*tls.Config, error) { hello <- h; return nil, nil }
			addr := listenTCP(t, secured(cfg, accepting(t, func(net.Conn) {})))

			ours := &tls.Config{RootCAs: ca.roots, ServerName: tt.serverName, NextProtos: []string{"h2"}}
			c, _, err := Connect(t.Context(), "wss://"+addr, &Options{Host: tt.host, TLSConfig: ours})
			if h := <-hello; h.ServerName != tt.sni || !slices.Equal(h.SupportedProtos, []string{"http/1.1"}) {
				t.Errorf("server name %q, protocols %q", h.ServerName, h.SupportedProtos)
			}
			if ours.ServerName != tt.serverName || ours.NextProtos[0] != "h2" {
				t.Error("the caller's config has changed")
			}
			if tt.badName {
				var wrong x509.HostnameError
				if !errors.As(err, &wrong) {
					t.Errorf("%v, want another name", err)
				}
				refused(t, err, 0, "ssl handshake failed")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			c.CloseNow()
		})
	}
}

// Certificates are verified unless the caller turns that off.
func TestTLSUnknownAuthority(t *testing.T) {
	wiretest.NoLeaks(t)
	cfg := &tls.Config{Certificates: []tls.Certificate{newAuthority(t).forServer()}}
	addr := listenTCP(t, secured(cfg, accepting(t, func(net.Conn) {})))
	for _, ours := range []*tls.Config{nil, {}, {RootCAs: newAuthority(t).roots}} {
		_, _, err := Connect(t.Context(), "wss://"+addr, &Options{TLSConfig: ours})
		var unknown x509.UnknownAuthorityError
		if !errors.As(err, &unknown) {
			t.Errorf("%v, want an unknown authority", err)
		}
	}
	c := connect(t, "wss://"+addr, &Options{TLSConfig: &tls.Config{InsecureSkipVerify: true}})
	c.CloseNow()
}

func TestTLSClientCertificate(t *testing.T) {
	wiretest.NoLeaks(t)
	ca := newAuthority(t)
	cfg := &tls.Config{
		Certificates: []tls.Certificate{ca.forServer()},
		ClientAuth:   tls.RequireAndVerifyClientCert, ClientCAs: ca.roots,
	}
	addr := listenTCP(t, secured(cfg, func(nc net.Conn) {
		if name := nc.(*tls.Conn).ConnectionState().PeerCertificates[0].Subject.CommonName; name != "me" {
			t.Errorf("certificate of %q", name)
		}
		accepting(t, func(net.Conn) {})(nc)
	}))
	ours := &tls.Config{RootCAs: ca.roots, Certificates: []tls.Certificate{ca.forClient("me")}}
	connect(t, "wss://"+addr, &Options{TLSConfig: ours}).CloseNow()

	_, _, err := Connect(t.Context(), "wss://"+addr, &Options{TLSConfig: &tls.Config{RootCAs: ca.roots}})
	refused(t, err, 0, "certificate required") // the server says so after the handshake
}

// A conversation over TLS ends with both Close frames.
func TestTLSConversation(t *testing.T) {
	wiretest.NoLeaks(t)
	ca := newAuthority(t)
	cfg := &tls.Config{Certificates: []tls.Certificate{ca.forServer()}}
	addr := listenTCP(t, secured(cfg, accepting(t, echo)))
	c := connect(t, "wss://"+addr, &Options{TLSConfig: &tls.Config{RootCAs: ca.roots}})
	for _, text := range []string{"", "hello", string(make([]byte, 65535))} {
		if err := c.SendString(text); err != nil {
			t.Fatal(err)
		}
		if data, _, err := c.RecvMessage(); string(data) != text || err != nil {
			t.Errorf("%d bytes, %v; want %d", len(data), err, len(text))
		}
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}
