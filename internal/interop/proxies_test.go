package interop

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
)

// nginx is where Debian has it, which is not in everybody's PATH.
const nginx = "/usr/sbin/nginx"

// It stands between this client and examples/echo, in the open and behind TLS.
func TestNginx(t *testing.T) {
	asked(t)
	require(t, nginx)
	plain, secure := startNginx(t)
	for _, tt := range []struct {
		name, url string
		opts      *client.Options
	}{
		{"ws", "ws://" + plain + "/s", options(nil, nil)},
		{"wss", "wss://" + secure.addr + "/s", options(&tls.Config{RootCAs: secure.roots}, nil)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wb := connect(t, tt.url, tt.opts)
			converse(t, wb, 60000)
			if err := wb.SendClose(4001, "tschüß"); err != nil {
				t.Error(err)
			}
			closed(t, wb, 4001, "tschüß")

			// Too much for examples/echo. nginx ends both connections as soon as one
			// has ended, be this client still sending or about to answer.
			wb = connect(t, tt.url, tt.opts)
			defer wb.CloseNow()
			wb.SendBinary(make([]byte, 65536))
			_, _, err := wb.RecvFrame()
			reset := errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
			var closed *frame.CloseError
			tooBig := errors.As(err, &closed) && closed.Code == frame.StatusMessageTooBig && strings.HasPrefix(closed.Reason, "exceeding max payload len")
			if !reset && !tooBig {
				t.Errorf("%v, want %v or a reset", err, frame.StatusMessageTooBig)
			}
		})
	}
	_, resp, err := client.Connect(t.Context(), "ws://"+plain+"/elsewhere", options(nil, nil))
	if err == nil || resp == nil || resp.StatusCode != http.StatusNotFound || resp.Header.Get("Server") == "" {
		t.Errorf("%v, %v, want 404 by way of nginx", resp, err)
	}
}

// tinyproxy lets this client through with the right credentials.
func TestTinyproxy(t *testing.T) {
	asked(t)
	require(t, "tinyproxy")
	require(t, nginx) // for TLS
	plain, secure := startNginx(t)
	proxy := &url.URL{Scheme: "http", Host: freeAddrs(t, 1)[0], User: url.UserPassword("me", "secret")}
	dir := configure(t, "tinyproxy.conf", "ADDRESS", proxy.Hostname(), "PORT", proxy.Port())
	start(t, "tinyproxy", "tinyproxy", "-d", "-c", filepath.Join(dir, "tinyproxy.conf")).expect("Accepting connections")

	cfg := &tls.Config{RootCAs: secure.roots}
	for _, url := range []string{"ws://" + plain + "/s", "wss://" + secure.addr + "/s"} {
		wb := connect(t, url, options(cfg, proxy))
		converse(t, wb, 60000)
		if err := wb.Close(); err != nil {
			t.Error(err)
		}
	}
	proxy.User = url.UserPassword("me", "guess")
	_, resp, err := client.Connect(t.Context(), "ws://"+plain+"/s", options(cfg, proxy))
	if err == nil || resp == nil || resp.StatusCode/100 != 4 {
		t.Errorf("with the wrong password: %v, %v", resp, err)
	}
}

// secured is an address with TLS, and the authority that has vouched for it.
type secured struct {
	addr      string
	authority []byte // PEM
	roots     *x509.CertPool
}

// startNginx starts nginx in front of examples/echo.
func startNginx(t *testing.T) (plain string, secure secured) {
	t.Helper()
	echo := start(t, "echo", buildEcho(t), "-addr", "127.0.0.1:0")
	page, err := url.Parse(strings.Fields(echo.expect("http://"))[1])
	if err != nil {
		t.Fatal(err)
	}
	addrs := freeAddrs(t, 2)
	plain, secure.addr = addrs[0], addrs[1]
	dir := configure(t, "nginx.conf", "PLAIN", plain, "SECURE", secure.addr, "UPSTREAM", page.Host)
	secure.authority = writeCertificate(t, filepath.Join(dir, "server.pem"))
	secure.roots = x509.NewCertPool()
	secure.roots.AppendCertsFromPEM(secure.authority)
	start(t, "nginx", nginx, "-p", dir, "-c", "nginx.conf", "-e", "stderr").expect("OS:")
	return plain, secure
}

// configure puts a configuration file into a folder of its own, with words of it
// replaced.
func configure(t *testing.T, name string, replace ...string) (dir string) {
	t.Helper()
	config, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	text := strings.NewReplacer(replace...).Replace(string(config))
	if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// foreign is where programs listen that cannot choose a free port themselves. No
// other program uses this address of the loopback interface, so that a free port
// stays free until they take it.
const foreign = "127.80.84.69"

// freeAddrs returns n addresses that are free.
func freeAddrs(t *testing.T, n int) (addrs []string) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", foreign+":0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() // when all are chosen
		addrs = append(addrs, l.Addr().String())
	}
	return addrs
}

// writeCertificate writes a key and a certificate for foreign, issued by an
// authority that is made for it and thrown away, and whose certificate it returns.
func writeCertificate(t *testing.T, path string) (authorityPEM []byte) {
	t.Helper()
	now := time.Now()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	server := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP(foreign)},
	}
	authorityKey, err1 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	serverKey, err2 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	root, err3 := x509.CreateCertificate(rand.Reader, authority, authority, authorityKey.Public(), authorityKey)
	leaf, err4 := x509.CreateCertificate(rand.Reader, server, authority, serverKey.Public(), authorityKey)
	key, err5 := x509.MarshalPKCS8PrivateKey(serverKey)
	for _, err := range []error{err1, err2, err3, err4, err5} {
		if err != nil {
			t.Fatal(err)
		}
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root})
}
