package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"unicode"

	"resty.websocket/internal/wiretest"
)

// The names in a certificate are its maker's choice. A program that prints the error
// must not send control characters to its terminal.
func TestConnectQuotesCertificatePrintably(t *testing.T) {
	wiretest.NoLeaks(t)
	ca := newAuthority(t)
	rude := ca.issue(&x509.Certificate{
		DNSNames:    []string{"\x1b]0;title\x07\r\n.example", strings.Repeat("x", 1000)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	serve := secured(&tls.Config{Certificates: []tls.Certificate{rude}}, func(net.Conn) {})
	addr := listenTCP(t, func(nc net.Conn) { serve(nc); io.Copy(io.Discard, nc) })
	ours := &tls.Config{RootCAs: ca.roots, ServerName: "example.com"}
	for name, connect := range map[string]func() error{
		"server": func() error {
			_, _, err := Connect(t.Context(), "wss://"+addr, &Options{TLSConfig: ours})
			return err
		},
		"proxy": func() error {
			opts := through("https://proxy.test", ours)
			opts.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, addr)
			}
			_, _, err := Connect(t.Context(), "ws://example.com", opts)
			return err
		},
	} {
		err := connect()
		var wrong x509.HostnameError
		if !errors.As(err, &wrong) {
			t.Fatalf("%s: %v, want another name", name, err)
		}
		text := err.Error()
		if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) || !strings.Contains(text, "]0;title") || len(text) > 700 {
			t.Errorf("%s: %d bytes: %q", name, len(text), text)
		}
	}
}
