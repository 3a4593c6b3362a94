package client

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"resty.websocket/internal/wiretest"
)

// through returns Options with a proxy.
func through(url string, cfg *tls.Config) *Options {
	return &Options{TLSConfig: cfg, Proxy: proxy(url)}
}

// join copies what arrives on each of two connections to the other, until both
// have ended.
func join(nc net.Conn, behind io.Reader, target string) {
	to, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer to.Close()
	done := make(chan bool)
	go func() {
		io.Copy(nc, to)
		nc.(interface{ CloseWrite() error }).CloseWrite()
		close(done)
	}()
	io.Copy(to, behind)
	to.(*net.TCPConn).CloseWrite()
	<-done
}

// httpProxy is a proxy that wants credentials. It expects to be asked for name, and
// leads to target.
func httpProxy(t *testing.T, name, target string) func(net.Conn) {
	return func(nc net.Conn) {
		br := bufio.NewReader(nc)
		r, err := http.ReadRequest(br)
		if err != nil {
			t.Error(err)
			return
		}
		if r.Method != "CONNECT" || r.RequestURI != name || r.Host != name {
			t.Errorf("asked for %s %s, Host %s", r.Method, r.RequestURI, r.Host)
		}
		if r.Header.Get("Proxy-Authorization") != "Basic bWU6c2VjcmV0" { // me:secret
			io.WriteString(nc, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 4\r\n\r\nwho?")
			return
		}
		io.WriteString(nc, "HTTP/1.1 200 Connection established\r\n\r\n")
		join(nc, br, target)
	}
}

// socksProxy is httpProxy with SOCKS5.
func socksProxy(t *testing.T, name, target string) func(net.Conn) {
	return func(nc net.Conn) {
		read := func(n int) []byte {
			p := make([]byte, n)
			if _, err := io.ReadFull(nc, p); err != nil {
				t.Error(err)
			}
			return p
		}
		if methods := read(int(read(2)[1])); !strings.Contains(string(methods), "\x02") {
			nc.Write([]byte{5, 0xff})
			return
		}
		nc.Write([]byte{5, 2})
		user := string(read(int(read(2)[1])))
		password := string(read(int(read(1)[0])))
		if user+":"+password != "me:secret" {
			nc.Write([]byte{1, 1})
			return
		}
		nc.Write([]byte{1, 0})
		var host string
		switch request := read(4); request[3] {
		case 1:
			host = net.IP(read(4)).String()
		case 3:
			host = string(read(int(read(1)[0])))
		case 4:
			host = net.IP(read(16)).String()
		}
		port := binary.BigEndian.Uint16(read(2))
		if got := net.JoinHostPort(host, strconv.Itoa(int(port))); got != name {
			t.Errorf("asked for %s, want %s", got, name)
		}
		nc.Write([]byte{5, 0, 0, 3, 4, 'h', 'e', 'r', 'e', 0, 80})
		join(nc, nc, target)
	}
}

func TestProxy(t *testing.T) {
	ca := newAuthority(t)
	ours := &tls.Config{RootCAs: ca.roots, ServerName: "example.com"}
	theirs := &tls.Config{Certificates: []tls.Certificate{ca.forServer()}}
	for _, tt := range []struct {
		proxy string
		serve func(t *testing.T, name, target string) func(net.Conn)
	}{
		{"http", httpProxy},
		{"https", func(t *testing.T, name, target string) func(net.Conn) {
			return secured(theirs, httpProxy(t, name, target))
		}},
		{"socks5", socksProxy},
		{"socks5h", socksProxy},
	} {
		for _, to := range []struct{ name, url, asked string }{
			{"ws", "ws://example.com/", "example.com:80"},
			{"wss", "wss://example.com/", "example.com:443"},
			{"ipv4", "ws://192.0.2.1:8080/", "192.0.2.1:8080"},
			{"ipv6", "ws://[fe80::1%25eth0]/", "[fe80::1]:80"},
		} {
			t.Run(tt.proxy+"/"+to.name, func(t *testing.T) {
				wiretest.NoLeaks(t)
				serve := accepting(t, echo)
				if to.name == "wss" {
					serve = secured(theirs, serve)
				}
				proxy := listenTCP(t, tt.serve(t, to.asked, listenTCP(t, serve)))
				c := connect(t, to.url, through(tt.proxy+"://me:secret@"+proxy, ours))
				if err := c.SendString("hello"); err != nil {
					t.Fatal(err)
				}
				if data, _, err := c.RecvMessage(); string(data) != "hello" || err != nil {
					t.Errorf("%q, %v", data, err)
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// If the host is too long for SOCKS, nothing is sent.
func TestSOCKSLongHost(t *testing.T) {
	wiretest.NoLeaks(t)
	proxy := listenTCP(t, func(nc net.Conn) {
		if sent, _ := io.ReadAll(nc); len(sent) > 0 {
			t.Errorf("sent %q", sent)
		}
	})
	_, _, err := Connect(t.Context(), "ws://"+strings.Repeat("x", 256)+"/", through("socks5://"+proxy, nil))
	refused(t, err, 0, "host name too long for SOCKS: 256 bytes, limit 255")
}

// A proxy is not given the client certificate and the name for the server.
func TestProxyTLS(t *testing.T) {
	wiretest.NoLeaks(t)
	ca := newAuthority(t)
	proxy := listenTCP(t, secured(&tls.Config{
		Certificates: []tls.Certificate{ca.forServer()}, ClientAuth: tls.RequestClientCert,
	}, func(nc net.Conn) {
		if got := nc.(*tls.Conn).ConnectionState().PeerCertificates; len(got) > 0 {
			t.Errorf("the proxy was given the certificate of %v", got[0].Subject)
		}
		nc.Close()
	}))
	ours := &tls.Config{RootCAs: ca.roots, Certificates: []tls.Certificate{ca.forClient("me")}}
	_, _, err := Connect(t.Context(), "wss://example.com/", through("https://"+proxy, ours))
	refused(t, err, 0, "failed to connect through the proxy")

	_, _, err = Connect(t.Context(), "wss://example.com/", through("https://"+proxy, &tls.Config{InsecureSkipVerify: true}))
	refused(t, err, 0, "ssl handshake failed")
}

// Connect notices the end of its context while the proxy does not answer.
func TestProxyContext(t *testing.T) {
	for _, scheme := range []string{"http", "https", "socks5"} {
		t.Run(scheme, func(t *testing.T) {
			wiretest.NoLeaks(t)
			ctx, cancel := context.WithCancel(t.Context())
			proxy := listenTCP(t, func(nc net.Conn) { nc.Read(make([]byte, 1)); cancel() })
			_, _, err := Connect(ctx, "ws://example.com/", through(scheme+"://"+proxy, nil))
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
}

// Options.Proxy chooses the proxy; if it is nil, the environment does, which TestMain
// has set.
func TestProxyChoice(t *testing.T) {
	fails := errors.New("no idea")
	for _, tt := range []struct {
		name, url string
		proxy     func(*http.Request) (*url.URL, error)
		dialled   string // network and address; empty: it does not get that far
		reason    string
	}{
		{"environment", "ws://example.com/", nil, "tcp proxy.test:3128", ""},
		{"environment_secure", "wss://example.com/", nil, "tcp secure.test:80", ""},
		{"no_proxy", "ws://direct.test/", nil, "tcp direct.test:80", ""},
		{"unix", "ws+unix:/a.sock", nil, "unix /a.sock", ""},
		{"none", "wss://example.com/", func(r *http.Request) (*url.URL, error) {
			if r.URL.String() != "https://example.com/" {
				t.Errorf("asked for the proxy to %v", r.URL)
			}
			return nil, nil
		}, "tcp example.com:443", ""},
		{"none_ipv6", "ws://[fe80::1%25eth0]/", proxy(""), "tcp [fe80::1%eth0]:80", ""},
		{"default_port", "ws://example.com/", proxy("https://proxy.test"), "tcp proxy.test:443", ""},
		{"default_port_of_socks", "ws://example.com/", proxy("socks5h://proxy.test"), "tcp proxy.test:1080", ""},
		{"scheme", "ws://example.com/", proxy("ftp://proxy.test"), "", "proxy scheme"},
		{"percent_in_host", "ws://example.com/", proxy("https://proxy.test%25.trusted.test"), "", "bad host or port of the proxy"},
		{"no_host", "ws://example.com/", proxy("http://:3128"), "", "bad host or port of the proxy"},
		{"ipv6_zone", "ws://example.com/", proxy("http://[fe80::1%25eth0]:3128"), "tcp [fe80::1%eth0]:3128", ""},
		{"error", "ws://example.com/", func(*http.Request) (*url.URL, error) { return nil, fails }, "", "no idea"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dialled := ""
			opts := &Options{Proxy: tt.proxy, Dial: func(_ context.Context, network, addr string) (net.Conn, error) {
				dialled = network + " " + addr
				return nil, io.EOF
			}}
			_, _, err := Connect(t.Context(), tt.url, opts)
			refused(t, err, 0, "failed to connect: "+tt.reason)
			if dialled != tt.dialled {
				t.Errorf("dialled %q, want %q", dialled, tt.dialled)
			}
		})
	}
}

// proxy is http.ProxyURL for the text of a URL, or no proxy.
func proxy(text string) func(*http.Request) (*url.URL, error) {
	u, err := url.Parse(text)
	if text == "" {
		u = nil
	}
	return func(*http.Request) (*url.URL, error) { return u, err }
}
