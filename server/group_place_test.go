package server

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"resty.websocket/client"
	"resty.websocket/handshake"
)

// As many of the handshakes that come at once get a place as there are.
func TestMaxConnsExact(t *testing.T) {
	const most, come = 10, 100
	synctest.Test(t, func(t *testing.T) {
		g := Group{MaxConns: most}
		opts := &Options{Group: &g}
		dial := client.DialHandler(Handler(opts, receiveAll))
		for range 5 {
			var all sync.WaitGroup
			var opened, refused atomic.Int32
			var conns sync.Map
			for range come {
				all.Go(func() {
					wb, resp, err := client.Connect(context.Background(), "ws://a/", &client.Options{Dial: dial})
					switch {
					case err == nil:
						opened.Add(1)
						conns.Store(wb, true)
					case resp != nil && resp.StatusCode == http.StatusServiceUnavailable:
						refused.Add(1)
					default:
						t.Error(err)
					}
				})
			}
			all.Wait()
			if opened.Load() != most || refused.Load() != come-most {
				t.Errorf("%d are opened and %d refused", opened.Load(), refused.Load())
			}
			wantPlaces(t, &g, most, most)
			for wb := range conns.Range {
				wb.(*client.Conn).CloseNow()
			}
			wantPlaces(t, &g, 0, 0)
		}
	})
}

// A request without a place is told so, in HTTP and by New, and takes none.
func TestGroupRefuses(t *testing.T) {
	full, over := &Group{MaxConns: 1}, new(Group)
	c, nc := pair(t, nil)
	full.Add(c)
	if err := over.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	for _, g := range []*Group{full, over} {
		failed := make(chan error, 1)
		ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, err := New(w, r, &Options{Group: g})
			failed <- err
		}))
		defer ts.Close()
		resp, err := http.Get(ts.URL)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusServiceUnavailable || !resp.Close || resp.Header.Get("Retry-After") == "" {
			t.Errorf("answered with %v, close %t, %v", resp.Status, resp.Close, resp.Header)
		}
		var refusal *handshake.Error
		if err := <-failed; !errors.As(err, &refusal) || refusal.Status != http.StatusServiceUnavailable {
			t.Errorf("New returns %v", err)
		}
	}
	nc.Close()
	c.CloseNow()
	if full.places != 0 || over.places != 0 {
		t.Errorf("%d and %d places are taken", full.places, over.places)
	}
}

// A handshake that fails, in whatever way, gives its place back.
func TestGroupFailedHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := Group{MaxConns: 1}
		for _, opts := range []*Options{
			{Group: &g}, // the request below is not valid
			{Group: &g, Origins: []string{"nonsense"}},
			{Group: &g, CheckOrigin: func(*http.Request) bool { return false }},
			{Group: &g, CheckOrigin: func(*http.Request) bool { panic(http.ErrAbortHandler) }},
		} {
			nc, err := client.DialHandler(Handler(opts, func(*Conn) { t.Error("fn is called") }))(t.Context(), "tcp", "a")
			if err != nil {
				t.Fatal(err)
			}
			request := "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
			if opts.Origins != nil || opts.CheckOrigin != nil {
				request += "Sec-WebSocket-Version: 13\r\nOrigin: http://b\r\n"
			}
			nc.Write([]byte(request + "\r\n"))
			resp, err := http.ReadResponse(bufio.NewReader(nc), nil)
			if err == nil && (resp.StatusCode == http.StatusServiceUnavailable || resp.StatusCode == http.StatusSwitchingProtocols) {
				t.Errorf("answered with %s", resp.Status)
			}
			nc.Close()
			wantPlaces(t, &g, 0, 0)
		}
		_, wb := newHall(t, &Options{Group: &g}).connect()
		wantPlaces(t, &g, 1, 1)
		wb.CloseNow()
	})
}
