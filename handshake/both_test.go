package handshake

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// The two halves over a real net/http server.
func TestBothHalves(t *testing.T) {
	agreements := make(chan Agreement, 1)
	s := &Server{Protocols: []string{"b", "a"}, Deflate: &Deflate{ClientMaxWindowBits: 11}}
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nc, early, a, err := s.Upgrade(w, r)
		if err != nil {
			t.Error(err)
			return
		}
		defer nc.Close()
		agreements <- a
		io.Copy(nc, io.MultiReader(bytes.NewReader(early), nc))
	}))
	defer ts.Close()

	nc, err := net.Dial("tcp", ts.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	u := *testURL
	u.Host = ts.Listener.Addr().String()
	c := Client{Protocols: []string{"a", "b"}, Origin: ts.URL, Deflate: &Deflate{ServerNoContextTakeover: true}}
	if err := c.Check(&u); err != nil {
		t.Fatal(err)
	}
	_, _, a, err := c.Upgrade(nc, &u)
	if err != nil {
		t.Fatal(err)
	}
	want := Deflate{ServerNoContextTakeover: true, ServerMaxWindowBits: 15, ClientMaxWindowBits: 11}
	for _, a := range []Agreement{a, <-agreements} {
		if a.Protocol != "b" || a.Deflate == nil || *a.Deflate != want {
			t.Errorf("agreed on %q and %+v", a.Protocol, a.Deflate)
		}
	}
	if _, err := io.WriteString(nc, "echo"); err != nil {
		t.Fatal(err)
	}
	echo := make([]byte, 4)
	if _, err := io.ReadFull(nc, echo); err != nil || string(echo) != "echo" {
		t.Errorf("read %q, %v", echo, err)
	}
}
