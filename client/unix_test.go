package client

import (
	"net"
	"net/http"
	"path/filepath"
	"testing"

	"resty.websocket/internal/wiretest"
)

func TestUnixSocket(t *testing.T) {
	wiretest.NoLeaks(t)
	path := filepath.Join(t.TempDir(), "a.sock")
	requests := make(chan *http.Request, 1)
	listen(t, "unix", path, func(nc net.Conn) {
		r := readRequest(t, nc)
		requests <- r
		nc.Write([]byte(switchingProtocols(r)))
		echo(nc)
	})
	c := connect(t, "ws+unix:"+path+":/chat?room=1", nil)
	if r := <-requests; r.RequestURI != "/chat?room=1" || r.Host != "localhost" {
		t.Errorf("%s, Host %s", r.RequestURI, r.Host)
	}
	if err := c.SendString("hello"); err != nil {
		t.Fatal(err)
	}
	if data, _, err := c.RecvMessage(); string(data) != "hello" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}
