package handshake

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// An outcome is what Upgrade returned in a server's handler.
type outcome struct {
	Result
	err error
}

// upgradeServer runs a net/http server on loopback that upgrades every request
// through s, after wrap if it is not nil, and sends what came of it.
func upgradeServer(t *testing.T, s *Server, wrap func(http.ResponseWriter) http.ResponseWriter) (*httptest.Server, <-chan outcome) {
	t.Helper()
	results := make(chan outcome, 1)
	ts := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wrap != nil {
			w = wrap(w)
		}
		result, err := s.Upgrade(w, r)
		results <- outcome{result, err}
	}))
	t.Cleanup(ts.Close)
	return ts, results
}

// exchange sends raw to a server and returns its whole response.
func exchange(t *testing.T, ts *httptest.Server, raw string) (net.Conn, *http.Response, string) {
	t.Helper()
	nc, err := net.Dial("tcp", ts.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	nc.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(nc, raw); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(nc), nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return nc, resp, ""
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return nc, resp, string(body)
}

func TestUpgrade(t *testing.T) {
	s := &Server{
		Protocols: []string{"superchat", "chat"},
		Header:    http.Header{"Set-Cookie": {"a=1", "b=2"}, "X-Served-By": {"me"}},
	}
	ts, results := upgradeServer(t, s, nil)
	ts.Start()

	frames := strings.Repeat("\x81\x85\x00\x00\x00\x00Hello", 1000) // more than net/http reads at once
	raw := request("Sec-WebSocket-Protocol: chat, superchat") + frames
	nc, resp, _ := exchange(t, ts, raw)
	got := <-results
	if got.err != nil {
		t.Fatal(got.err)
	}
	defer got.Conn.Close()

	if got.Protocol != "superchat" {
		t.Errorf("agreed on %q", got.Protocol)
	}
	for name, want := range map[string]string{
		"Upgrade":                "websocket",
		"Connection":             "Upgrade",
		"Sec-Websocket-Accept":   "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
		"Sec-Websocket-Protocol": "superchat",
		"Set-Cookie":             "a=1|b=2",
		"X-Served-By":            "me",
	} {
		if value := strings.Join(resp.Header[name], "|"); value != want {
			t.Errorf("%s: %q, want %q", name, value, want)
		}
	}
	if len(resp.Header) != 6 {
		t.Errorf("header has other fields too: %v", resp.Header)
	}

	// Frames in the same segment as the request are kept.
	rest := make([]byte, len(frames)-len(got.Early))
	if _, err := io.ReadFull(got.Conn, rest); err != nil {
		t.Fatal(err)
	}
	if string(got.Early)+string(rest) != frames {
		t.Error("the bytes behind the request are not what came")
	}
	// And both directions are the caller's.
	if _, err := io.WriteString(got.Conn, "pong"); err != nil {
		t.Fatal(err)
	}
	reply := make([]byte, 4)
	if _, err := io.ReadFull(nc, reply); err != nil || string(reply) != "pong" {
		t.Errorf("read %q, %v", reply, err)
	}
}

func TestUpgradeWithoutEarlyBytes(t *testing.T) {
	ts, results := upgradeServer(t, &Server{}, nil)
	ts.Start()
	_, resp, _ := exchange(t, ts, request("Sec-WebSocket-Protocol: chat", "Expect: 100-continue"))
	got := <-results
	if got.err != nil {
		t.Fatal(got.err)
	}
	defer got.Conn.Close()
	if got.Early != nil {
		t.Errorf("early bytes out of nothing: %q", got.Early)
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		t.Errorf("first answer is %s", resp.Status)
	}
	if _, ok := resp.Header["Sec-Websocket-Protocol"]; ok || got.Protocol != "" {
		t.Error("a subprotocol that the server does not speak")
	}
}

func TestUpgradeRefuses(t *testing.T) {
	for _, tt := range []struct {
		name    string
		server  Server
		changes []string
		status  int
		header  map[string]string
		text    string
	}{
		{"4.2.1/bad_upgrade", Server{}, []string{"Upgrade: h2c"}, 400, nil, "bad \"upgrade\" request header: h2c\n"},
		{"4.2.1/method", Server{}, []string{"DELETE / HTTP/1.1"}, 405, map[string]string{"Allow": "GET"}, "bad method: DELETE\n"},
		{"4.2.1/body_awaiting_continue", Server{}, []string{"Content-Length: 3", "Expect: 100-continue"}, 400, nil, "request with a body\n"},
		{"4.2.2/origin", Server{}, []string{"Origin: null"}, 403, nil, "origin not allowed: null; expected http://server.example.com or https://server.example.com\n"},
		{"4.2.2/version", Server{}, []string{"Sec-WebSocket-Version: 12"}, 426,
			map[string]string{"Sec-Websocket-Version": "13", "Upgrade": "websocket", "Connection": "Upgrade"},
			"bad \"sec-websocket-version\" request header\n"},
		{"4.2.2/own_header_with_line_break", Server{Header: http.Header{"X-A": {"1\r\nX-B: 2"}}}, nil, 500, nil, "Internal Server Error\n"},
		{"4.2.2/own_header_with_null", Server{Header: http.Header{"X-A": {"1\x00"}}}, nil, 500, nil, "Internal Server Error\n"},
		{"4.2.2/own_header_name_with_space", Server{Header: http.Header{"X A": {"1"}}}, nil, 500, nil, "Internal Server Error\n"},
		{"4.2.2/own_header_name_empty", Server{Header: http.Header{"": {"1"}}}, nil, 500, nil, "Internal Server Error\n"},
		{"4.2.2/own_header_accept", Server{Header: http.Header{"sec-webSocket-accept": {"1"}}}, nil, 500, nil, "Internal Server Error\n"},
		{"4.2.2/own_header_upgrade", Server{Header: http.Header{"Upgrade": {"h2c"}}}, nil, 500, nil, "Internal Server Error\n"},
		{"4.2.2/own_origins", Server{Origins: []string{"example.com"}}, nil, 500, nil, "Internal Server Error\n"},
		{"4.2.2/own_deflate", Server{Deflate: &Deflate{Level: 10}}, nil, 500, nil, "Internal Server Error\n"},
		{"4.2.2/own_header_content_length", Server{Header: http.Header{"Content-Length": {"0"}}}, nil, 500, nil, "Internal Server Error\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ts, results := upgradeServer(t, &tt.server, nil)
			ts.Start()
			_, resp, body := exchange(t, ts, request(tt.changes...))
			got := <-results
			var refusal *Error
			if !errors.As(got.err, &refusal) || refusal.Status != tt.status || got.Conn != nil {
				t.Errorf("Upgrade returned %v, %v", got.Conn, got.err)
			}
			if resp.StatusCode != tt.status || body != tt.text {
				t.Errorf("answered %s %q, want %d %q", resp.Status, body, tt.status, tt.text)
			}
			if ct := resp.Header.Get("Content-Type"); ct != "text/plain; charset=utf-8" {
				t.Errorf("Content-Type %q", ct)
			}
			for name, want := range tt.header {
				if value := resp.Header.Get(name); value != want {
					t.Errorf("%s: %q, want %q", name, value, want)
				}
			}
		})
	}
}

// wrapped is what middleware makes of a ResponseWriter.
type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// opaque is what careless middleware makes of it.
type opaque struct{ http.ResponseWriter }

func TestUpgradeBehindMiddleware(t *testing.T) {
	ts, results := upgradeServer(t, &Server{}, func(w http.ResponseWriter) http.ResponseWriter {
		return wrapped{wrapped{w}}
	})
	ts.Start()
	exchange(t, ts, request())
	got := <-results
	if got.err != nil {
		t.Fatal(got.err)
	}
	got.Conn.Close()
}

func TestUpgradeWithoutHijacker(t *testing.T) {
	ts, results := upgradeServer(t, &Server{}, func(w http.ResponseWriter) http.ResponseWriter {
		return opaque{w}
	})
	ts.Start()
	_, resp, _ := exchange(t, ts, request())
	got := <-results
	if !errors.Is(got.err, http.ErrNotSupported) || resp.StatusCode != http.StatusInternalServerError {
		t.Errorf("answered %s, returned %v", resp.Status, got.err)
	}
}

func TestUpgradeOverHTTP2(t *testing.T) {
	ts, results := upgradeServer(t, &Server{}, nil)
	ts.EnableHTTP2 = true
	ts.StartTLS()
	resp, err := ts.Client().Get(ts.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	got := <-results
	const want = "bad http version: HTTP/2.0 has no Upgrade"
	if resp.StatusCode != http.StatusHTTPVersionNotSupported || string(body) != want+"\n" {
		t.Errorf("answered %s %q", resp.Status, body)
	}
	if got.err == nil || got.err.Error() != "handshake: "+want {
		t.Errorf("returned %v", got.err)
	}
}

func TestUpgradeTwice(t *testing.T) {
	second := make(chan error, 1)
	ts, results := upgradeServer(t, &Server{}, nil)
	handler := ts.Config.Handler
	ts.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r)
		_, err := (&Server{}).Upgrade(w, r)
		second <- err
	})
	ts.Start()
	exchange(t, ts, request())
	got := <-results
	if got.err != nil {
		t.Fatal(got.err)
	}
	defer got.Conn.Close()
	if err := <-second; !errors.Is(err, http.ErrHijacked) {
		t.Errorf("second Upgrade returned %v", err)
	}
}
