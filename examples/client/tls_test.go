package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"resty.websocket/server"
)

// The server's certificate is for 127.0.0.1 and example.com, and vouches for itself.
func TestTLS(t *testing.T) {
	url, both, cert, key := serveTLS(t)
	for _, tt := range []struct {
		name   string
		args   []string
		output string // the name in SNI, and how many certificates the client has shown
		says   string
	}{
		{"unknown_authority", nil, "", "ssl handshake failed"},
		{"insecure", []string{"-insecure"}, " 0\n", ""},
		{"k", []string{"-k"}, " 0\n", ""},
		{"ca", []string{"-ca", cert}, " 0\n", ""},
		{"servername", []string{"-ca", cert, "-servername", "example.com"}, "example.com 0\n", ""},
		{"servername_of_another", []string{"-ca", cert, "-servername", "example.org"}, "", "not example.org"},
		{"servername_unverified", []string{"-k", "-servername", "example.org"}, "example.org 0\n", ""},
		{"cert", []string{"-k", "-cert", cert, "-key", key}, " 1\n", ""},
		{"cert_with_its_key", []string{"-k", "-cert", both}, " 1\n", ""},
		{"cert_without_key", []string{"-k", "-cert", cert}, "", "-cert, -key: tls:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cmd := command(t, append(tt.args, "-once", url)...)
			var output, notes strings.Builder
			cmd.Stdout, cmd.Stderr = &output, &notes
			switch err := cmd.Run(); {
			case tt.says == "":
				exits(t, err, ended)
			case strings.HasPrefix(tt.says, "-"):
				exits(t, err, misused)
			default:
				exits(t, err, unconnected)
			}
			if output.String() != tt.output || !strings.Contains(notes.String(), tt.says) {
				t.Errorf("printed %q and said %q, want %q and %q", output.String(), notes.String(), tt.output, tt.says)
			}
		})
	}
}

// serveTLS returns the URL of a server that says what it has learnt in the TLS handshake, and files with its certificate
// and its key, together and apart.
func serveTLS(t *testing.T) (url, both, cert, key string) {
	t.Helper()
	s := httptest.NewUnstartedServer(server.Handler(nil, func(wb *server.Conn) {
		state := wb.Request().TLS
		wb.SendString(state.ServerName + " " + strconv.Itoa(len(state.PeerCertificates)))
		wb.RecvMessage()
	}))
	s.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // of clients that do not trust it
	s.StartTLS()
	t.Cleanup(s.Close)

	secret, err := x509.MarshalPKCS8PrivateKey(s.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	certText := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	keyText := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	dir := t.TempDir()
	write := func(name string, text []byte) (path string) {
		path = filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	both = write("both.pem", append(append([]byte(nil), certText...), keyText...))
	return "wss" + strings.TrimPrefix(s.URL, "https"), both, write("cert.pem", certText), write("key.pem", keyText)
}
