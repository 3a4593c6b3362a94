package main

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/client"
	"resty.websocket/examples/internal/inmemory"
	"resty.websocket/frame"
)

// connect connects a client, which receives the first message.
func connect(t *testing.T, s *service, opts *client.Options) (wb *client.Conn, seen string) {
	t.Helper()
	wb, _, err := inmemory.Connect(s.routes(), "/ws", opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { wb.CloseNow() })
	data, _, err := wb.RecvMessage()
	if err != nil {
		t.Fatal(err)
	}
	return wb, string(data)
}

// TestProxy has requests as proxies send them. Those of inmemory come from the network 192.0.2.0/24.
func TestProxy(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	forwarded := func(proto string) http.Header {
		return http.Header{"X-Forwarded-For": {"198.51.100.7"}, "X-Forwarded-Proto": {proto}}
	}
	s := newService(config{trusted: trusted, secure: true, origins: []string{"https://app.example"}})
	for _, origin := range []string{"", "https://chat.example", "https://app.example"} {
		_, seen := connect(t, s, &client.Options{Header: forwarded("https"), Origin: origin})
		if want := "host chat.example, client 198.51.100.7"; seen != want {
			t.Errorf("origin %q: the server saw %q, want %q", origin, seen, want)
		}
	}
	for _, opts := range []*client.Options{
		{Header: forwarded("http")},
		{Header: forwarded("https"), Origin: "https://evil.example"},
	} {
		_, resp, err := inmemory.Connect(s.routes(), "/ws", opts)
		if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("%+v: %v, want 403", opts, err)
		}
	}

	// A client that is no proxy is not believed.
	_, seen := connect(t, newService(config{}), &client.Options{Header: forwarded("https")})
	if want := "host chat.example, client 192.0.2.1"; seen != want {
		t.Errorf("the server saw %q, want %q", seen, want)
	}
}

func ready(s *service) int {
	w := httptest.NewRecorder()
	s.routes().ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
	return w.Code
}

// TestDrain ends a service that has ten clients.
func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(config{lead: 5 * time.Second, grace: 4 * time.Second})
		told := make(chan time.Time, 10)
		for range cap(told) {
			wb, _ := connect(t, s, nil)
			go func() {
				_, _, err := wb.RecvMessage()
				if frame.CloseCode(err) != frame.StatusGoingAway {
					t.Errorf("%v, want 1001", err)
				}
				told <- time.Now()
			}()
		}
		if status := ready(s); status != http.StatusOK {
			t.Errorf("/readyz before the end: %d", status)
		}

		begun, drained := time.Now(), make(chan error, 1)
		go func() { drained <- s.drain(new(http.Server)) }()
		synctest.Wait()
		if status := ready(s); status != http.StatusServiceUnavailable {
			t.Errorf("/readyz during the lead: %d", status)
		}
		last, _ := connect(t, s, nil) // which a balancer has sent that did not know yet
		if _, _, err := last.RecvMessage(); frame.CloseCode(err) != frame.StatusGoingAway {
			t.Errorf("%v, want 1001", err)
		}
		if err := <-drained; err != nil {
			t.Error(err)
		}
		var times []time.Duration
		for range cap(told) {
			times = append(times, (<-told).Sub(begun))
		}
		slices.Sort(times)
		first, spread := times[0], times[len(times)-1]-times[0]
		if first < 5*time.Second || spread < 500*time.Millisecond {
			t.Errorf("told after %v and within %v", first, spread)
		}
		if _, resp, err := inmemory.Connect(s.routes(), "/ws", nil); err == nil || resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("afterwards: %v, want 503", err)
		}
	})
}

// TestDrainSilent ends a service whose client does not answer.
func TestDrainSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(config{grace: 2 * time.Second})
		connect(t, s, nil)
		begun := time.Now()
		if err := s.drain(new(http.Server)); err == nil {
			t.Error("a client that was cut off is no error")
		}
		if took := time.Since(begun); took != 2*time.Second {
			t.Errorf("took %v", took)
		}
	})
}
