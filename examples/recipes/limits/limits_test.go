package limits

import (
	"fmt"
	"net/http"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/client"
	"resty.websocket/examples/internal/inmemory"
	"resty.websocket/server"
)

// from connects a client whose address a proxy passes on.
func from(t *testing.T, h http.Handler, addr string) (wb *client.Conn, status int) {
	t.Helper()
	wb, resp, err := inmemory.Connect(h, "/", &client.Options{Header: http.Header{"X-Forwarded-For": {addr}}})
	if resp == nil {
		t.Fatal(err)
	}
	return wb, resp.StatusCode
}

func newPerAddr() *PerAddr {
	return &PerAddr{
		Max: 1, Trusted: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
		Serve: func(wb *server.Conn) { wb.RecvMessage() },
	}
}

func TestPerAddr(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newPerAddr()
		for _, tt := range []struct {
			addr string
			want int
		}{
			{"198.51.100.1", 101},
			{"198.51.100.1", 503},
			{"198.51.100.2", 101},
			{"2001:db8:0:1::1", 101},
			{"2001:db8:0:1::2", 503}, // the same /64
			{"2001:db8:0:2::1", 101},
		} {
			wb, status := from(t, h, tt.addr)
			if status != tt.want {
				t.Errorf("%s: %d, want %d", tt.addr, status, tt.want)
			}
			if wb != nil {
				defer wb.CloseNow()
			}
		}
	})
}

// TestPerAddrAgain has an address whose connections have ended, in each of three ways.
func TestPerAddrAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newPerAddr()
		for _, end := range []func(*client.Conn){
			func(wb *client.Conn) { wb.Close() },
			func(wb *client.Conn) { wb.CloseNow() },
			func(wb *client.Conn) { wb.SendString("bye"); wb.RecvMessage(); wb.Close() },
		} {
			w, status := from(t, h, "198.51.100.1")
			if status != http.StatusSwitchingProtocols {
				t.Fatalf("status %d", status)
			}
			end(w)
			synctest.Wait()
		}
		r, err := http.NewRequest("GET", "http://chat.example/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.RemoteAddr = "198.51.100.1:1234"
		h.ServeHTTP(discard{}, r) // is refused, and takes no place
		wb, status := from(t, h, "198.51.100.1")
		if status != http.StatusSwitchingProtocols {
			t.Fatalf("after a request that is no handshake: %d", status)
		}
		wb.CloseNow()
	})
}

// A discard takes a refusal.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

// TestPerAddrMemory has many addresses, of which one stays.
func TestPerAddrMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newPerAddr()
		stays, _ := from(t, h, "198.51.100.1")
		defer stays.CloseNow()
		for i := range 500 {
			wb, _ := from(t, h, fmt.Sprintf("203.0.%d.%d", i/250, i%250))
			wb.CloseNow()
			synctest.Wait()
		}
		if n := len(h.addrs); n > 20 {
			t.Errorf("%d addresses are kept", n)
		}
		if _, status := from(t, h, "198.51.100.1"); status != http.StatusServiceUnavailable {
			t.Errorf("the address that has stayed: %d, want 503", status)
		}
	})
}

func TestPace(t *testing.T) {
	pace := Pace{Every: time.Second, Burst: 3}
	begun := time.Unix(0, 0)
	for _, tt := range []struct{ at, early time.Duration }{
		{0, 0}, {0, -time.Second}, {0, 0}, // the burst
		{0, time.Second},              // which is taken all the same, when its turn has come
		{time.Second, time.Second},    // the next one
		{10 * time.Second, 0},         // the burst is full again
		{10500 * time.Millisecond, 0}, // of which one is used, and half of it is back
		{10500 * time.Millisecond, 0},
		{10500 * time.Millisecond, 500 * time.Millisecond},
	} {
		early := pace.take(begun.Add(tt.at))
		if got, want := max(0, early), max(0, tt.early); got != want {
			t.Errorf("at %v: %v too early, want %v", tt.at, got, want)
		}
	}
}

// TestPaceEnds has a connection that ends while its message waits.
func TestPaceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan time.Duration, 1)
		h := server.Handler(nil, func(wb *server.Conn) {
			pace, begun := Pace{Every: time.Hour, Burst: 1}, time.Now()
			pace.Wait(wb)
			time.AfterFunc(time.Second, func() { wb.CloseNow() })
			pace.Wait(wb)
			ended <- time.Since(begun)
		})
		wb, _, err := inmemory.Connect(h, "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer wb.CloseNow()
		if took := <-ended; took != time.Second {
			t.Errorf("the wait took %v", took)
		}
	})
}
