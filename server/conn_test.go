package server

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
)

// request returns a request for a connection, with further header fields.
func request(url string, header ...string) *http.Request {
	r := httptest.NewRequest("GET", url, nil)
	r.RequestURI = ""
	for name, value := range map[string]string{
		"Upgrade":               "websocket",
		"Connection":            "Upgrade",
		"Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key":     "dGhlIHNhbXBsZSBub25jZQ==",
	} {
		r.Header.Set(name, value)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// TestNewOrigins makes connections for pages of the server's own host, behind a proxy
// that takes TLS off, and of another origin that Options lists.
func TestNewOrigins(t *testing.T) {
	ts := httptest.NewServer(Handler(&Options{Origins: []string{"https://*.app.test"}}, func(*Conn) {}))
	defer ts.Close()
	for _, origin := range []string{"http://a", "https://a", "https://one.app.test"} {
		r := request(ts.URL, "Origin", origin)
		r.Host = "a"
		resp, err := ts.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusSwitchingProtocols {
			t.Errorf("a page of %s got %s", origin, resp.Status)
		}
	}
}

// TestNewRefuses requests of all kinds, each with its status.
func TestNewRefuses(t *testing.T) {
	for _, test := range []struct {
		name   string
		opts   *Options
		header []string
		status int
		reason string
	}{
		{"4.2.1/upgrade", nil, []string{"Upgrade", "h2c"}, 400, `bad "upgrade" request header: h2c`},
		{"4.2.1/key", nil, []string{"Sec-WebSocket-Key", "short"}, 400, `bad "sec-websocket-key" request header`},
		{"4.2.2/version", nil, []string{"Sec-WebSocket-Version", "8"}, 426, `bad "sec-websocket-version" request header`},
		{"10.2/origin", nil, []string{"Origin", "http://elsewhere.test"}, 403, "origin not allowed: http://elsewhere.test; expected http://127.0.0.1:"},
		{"10.2/check_origin", &Options{CheckOrigin: func(r *http.Request) bool { return r.Header.Get("Origin") == "http://friend.test" }},
			[]string{"Origin", "http://foe.test"}, 403, "origin not allowed: http://foe.test"},
		{"10.2/origins", &Options{Origins: []string{"https://app.test"}}, []string{"Origin", "http://app.test"}, 403, "origin not allowed: http://app.test"},
		{"10.2/bad_origins", &Options{Origins: []string{"app.test"}}, nil, 500, "bad Origins: app.test"},
		{"4.2.2/response_header", &Options{Header: http.Header{"X": {"a\r\nb"}}}, nil, 500, "bad response header: X"},
	} {
		t.Run(test.name, func(t *testing.T) {
			failed := make(chan error, 1)
			ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				c, err := New(w, r, test.opts)
				if c != nil {
					t.Error("there is a Conn")
				}
				failed <- err
			}))
			defer ts.Close()
			resp, err := ts.Client().Do(request(ts.URL, test.header...))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			var refusal *handshake.Error
			if err := <-failed; !errors.As(err, &refusal) || refusal.Status != test.status || !strings.HasPrefix(refusal.Reason, test.reason) {
				t.Errorf("New: %v, want %d %s", err, test.status, test.reason)
			}
			if resp.StatusCode != test.status {
				t.Errorf("answered with %s, want %d", resp.Status, test.status)
			}
			if version := resp.Header.Get("Sec-WebSocket-Version"); (version == "13") != (test.status == 426) {
				t.Errorf("answered with version %q", version)
			}
		})
	}
}

// TestNewNeedsAConnection has a ResponseWriter that gives none away.
func TestNewNeedsAConnection(t *testing.T) {
	w := httptest.NewRecorder()
	_, err := New(w, request("http://a/"), nil)
	var refusal *handshake.Error
	if !errors.As(err, &refusal) || refusal.Status != 500 || w.Code != 500 {
		t.Errorf("New: %v; answered with %d", err, w.Code)
	}
}

// TestNewPassesOptionsOn has what the handshake needs of Options show in the
// response.
func TestNewPassesOptionsOn(t *testing.T) {
	opts := &Options{
		Protocols:   []string{"chat.v2", "chat.v1"},
		CheckOrigin: func(r *http.Request) bool { return r.Header.Get("Origin") == "http://friend.test" },
		Header:      http.Header{"Set-Cookie": {"a=b"}},
	}
	protocols := make(chan string, 1)
	ts := serve(t, opts, func(c *Conn) { protocols <- c.Protocol() }, nil)
	resp, err := ts.Client().Do(request(ts.URL, "Origin", "http://friend.test", "Sec-WebSocket-Protocol", "chat.v1, chat.v2"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 101 || resp.Header.Get("Set-Cookie") != "a=b" || resp.Header.Get("Sec-WebSocket-Protocol") != "chat.v2" {
		t.Errorf("answered with %s %v", resp.Status, resp.Header)
	}
	if protocol := <-protocols; protocol != "chat.v2" {
		t.Errorf("Protocol() = %q", protocol)
	}
}

// TestFramesInTheSegmentOfTheRequest are not lost, wherever it ends.
func TestFramesInTheSegmentOfTheRequest(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		frames := sent(true, frame.Text, "early") + sent(true, frame.Text, "bird")
		ts := w.start(t, nil, echoing, nil)
		for i := range len(frames) + 1 {
			nc := dial(t, ts.Listener.Addr(), frames[:i])
			io.WriteString(nc, frames[i:]+sent(true, frame.Close, ""))
			if got, err := io.ReadAll(nc); string(got) != "\x81\x05early\x81\x04bird\x88\x00" || err != nil {
				t.Errorf("with %d bytes of frames in the segment: received %q, %v", i, got, err)
			}
		}
	})
}

// TestTLS talks to a server over TLS, whose connections have no socket of their
// own. The same origin is https there.
func TestTLS(t *testing.T) {
	for _, w := range ways[:3] {
		t.Run(w.name, func(t *testing.T) { talkTLS(t, w) })
	}
}

func talkTLS(t *testing.T, w way) {
	ts := httptest.NewTLSServer(w.serve(&Options{KeepAlive: net.KeepAliveConfig{Enable: true, Idle: time.Minute}}, echoing))
	defer ts.Close()
	nc, err := tls.Dial("tcp", ts.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if err := request(ts.URL, "Origin", ts.URL).Write(nc); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(nc)
	resp, err := http.ReadResponse(in, nil)
	if err != nil || resp.StatusCode != 101 {
		t.Fatalf("answered with %v, %v", resp, err)
	}
	long := strings.Repeat("x", 60000)
	io.WriteString(nc, sent(true, frame.Text, long)+sent(true, frame.Close, "\x03\xe8"))
	r := frame.NewReader(in, frame.Client, 0)
	if f, err := r.ReadFrame(); err != nil || string(f.Payload) != long {
		t.Errorf("received %v %.40q, %v", f.Opcode, f.Payload, err)
	}
	if f, err := r.ReadFrame(); err != nil || f.Opcode != frame.Close || string(f.Payload) != "\x03\xe8" {
		t.Errorf("received %v %.40q, %v", f.Opcode, f.Payload, err)
	}
	if rest, err := io.ReadAll(in); len(rest) > 0 || err != nil {
		t.Errorf("received %q, %v, want the end of TLS", rest, err)
	}
}
