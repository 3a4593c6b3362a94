package handshake

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// The two halves over a real net/http server.
func TestBothHalves(t *testing.T) {
	for _, tt := range []struct {
		name  string
		start func(*httptest.Server)
		dial  func(ts *httptest.Server, addr string) (net.Conn, error)
	}{
		{"4/tcp", (*httptest.Server).Start, func(_ *httptest.Server, addr string) (net.Conn, error) {
			return net.Dial("tcp", addr)
		}},
		{"4/tls", (*httptest.Server).StartTLS, func(ts *httptest.Server, addr string) (net.Conn, error) {
			config := ts.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
			config.NextProtos = []string{"http/1.1"}
			return tls.Dial("tcp", addr, config)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &Server{Protocols: []string{"b", "a"}, Deflate: &Deflate{ClientMaxWindowBits: 11}}
			agreements := make(chan Agreement, 1)
			ts := httptest.NewUnstartedServer(echo(t, s, agreements))
			tt.start(ts)
			defer ts.Close()
			nc, err := tt.dial(ts, ts.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			talk(t, nc, ts.URL, agreements)
		})
	}
}

// echo upgrades through s, reports the agreement and sends back what comes.
func echo(t *testing.T, s *Server, agreements chan<- Agreement) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		result, err := s.Upgrade(w, r)
		if err != nil {
			t.Error(err)
			close(agreements)
			return
		}
		defer result.Conn.Close()
		agreements <- result.Agreement
		io.Copy(result.Conn, io.MultiReader(bytes.NewReader(result.Early), result.Conn))
	}
}

// talk makes a connection on nc, as a page of the server's own origin would, and
// has something echoed.
func talk(t *testing.T, nc net.Conn, origin string, agreements <-chan Agreement) {
	u := *testURL
	u.Host = nc.RemoteAddr().String()
	c := Client{Protocols: []string{"a", "b"}, Origin: origin, Deflate: &Deflate{ServerNoContextTakeover: true}}
	if err := c.Check(&u); err != nil {
		t.Fatal(err)
	}
	result, err := c.Upgrade(nc, &u)
	if err != nil {
		t.Fatal(err)
	}
	want := Deflate{ServerNoContextTakeover: true, ServerMaxWindowBits: 15, ClientMaxWindowBits: 11}
	for _, a := range []Agreement{result.Agreement, <-agreements} {
		if a.Protocol != "b" || a.Deflate == nil || *a.Deflate != want {
			t.Errorf("agreed on %q and %+v", a.Protocol, a.Deflate)
		}
	}
	if _, err := io.WriteString(nc, "echo"); err != nil {
		t.Fatal(err)
	}
	reply := make([]byte, 4)
	if _, err := io.ReadFull(nc, reply); err != nil || string(reply) != "echo" {
		t.Errorf("read %q, %v", reply, err)
	}
}
