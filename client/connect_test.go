package client

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// Connect refuses all answers of a server that complete no WebSocket handshake.
func TestConnectRefusals(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer func(r *http.Request) string
		status int // of the response; 0: there is none
		reason string
		body   string
	}{
		{"4.1/status_200", func(*http.Request) string {
			return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
		}, 200, "unexpected response status: 200 OK", "hello"},
		{"4.1/status_404_without_length", func(*http.Request) string {
			return "HTTP/1.1 404 Not Found\r\n\r\n" + strings.Repeat("x", 10000)
		}, 404, "unexpected response status: 404 Not Found", strings.Repeat("x", 4096)},
		{"4.1/status_401_chunked", func(*http.Request) string {
			return "HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nwho\r\n1\r\n?\r\n0\r\n\r\n"
		}, 401, "unexpected response status: 401", "who?"},
		{"4.1/http_1_0", func(r *http.Request) string {
			return strings.Replace(switchingProtocols(r), "1.1", "1.0", 1)
		}, 101, "bad HTTP response status line", ""},
		{"4.1/no_upgrade", func(r *http.Request) string {
			return strings.Replace(switchingProtocols(r), "Upgrade: websocket\r\n", "", 1)
		}, 101, `bad "upgrade" response header`, ""},
		{"4.1/wrong_upgrade", func(r *http.Request) string {
			return strings.Replace(switchingProtocols(r), "websocket", "h2c", 1)
		}, 101, `bad "upgrade" response header`, ""},
		{"4.1/no_connection", func(r *http.Request) string {
			return strings.Replace(switchingProtocols(r), "Connection: Upgrade\r\n", "", 1)
		}, 101, `bad "connection" response header`, ""},
		{"4.1/wrong_connection", func(r *http.Request) string {
			return strings.Replace(switchingProtocols(r), "Connection: Upgrade", "Connection: close", 1)
		}, 101, `bad "connection" response header`, ""},
		{"4.1/no_accept", func(*http.Request) string {
			return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
		}, 101, `bad "sec-websocket-accept" response header`, ""},
		{"4.1/accept_of_another_key", func(r *http.Request) string {
			r.Header.Set("Sec-WebSocket-Key", "x3JJHMbDL1EzLkh9GBhXDw==")
			return switchingProtocols(r)
		}, 101, `bad "sec-websocket-accept" response header`, ""},
		{"4.1/subprotocol_not_offered", func(r *http.Request) string {
			return switchingProtocols(r, "Sec-WebSocket-Protocol: soap\r\n")
		}, 101, "subprotocol not offered: soap", ""},
		{"4.1/two_subprotocols", func(r *http.Request) string {
			return switchingProtocols(r, "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: superchat\r\n")
		}, 101, `bad "sec-websocket-protocol" response header`, ""},
		{"4.1/two_subprotocols_in_one_line", func(r *http.Request) string {
			return switchingProtocols(r, "Sec-WebSocket-Protocol: chat, superchat\r\n")
		}, 101, "subprotocol not offered: chat, superchat", ""},
		{"9.1/extension_not_offered", func(r *http.Request) string {
			return switchingProtocols(r, "Sec-WebSocket-Extensions: permessage-deflate\r\n")
		}, 101, "permessage-deflate", ""},
		{"4.1/not_http", func(*http.Request) string {
			return "SSH-2.0-OpenSSH\r\n\r\n"
		}, 0, "bad HTTP response", ""},
		{"4.1/header_of_1_MiB", func(r *http.Request) string {
			return switchingProtocols(r, "X: "+strings.Repeat("x", 1<<20)+"\r\n")
		}, 0, "64 KiB", ""},
		{"4.1/endless_header_lines", func(r *http.Request) string {
			return strings.TrimSuffix(switchingProtocols(r), "\r\n") + strings.Repeat("X: y\r\n", 1<<18)
		}, 0, "64 KiB", ""},
		{"4.1/closed_without_an_answer", func(*http.Request) string { return "" }, 0, "unexpected EOF", ""},
		{"4.1/closed_inside_the_header", func(r *http.Request) string {
			return switchingProtocols(r)[:100]
		}, 0, "unexpected EOF", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wiretest.NoLeaks(t)
			addr := listenTCP(t, func(nc net.Conn) {
				io.WriteString(nc, tt.answer(readRequest(t, nc)))
				nc.(*net.TCPConn).CloseWrite()
			})
			c, resp, err := Connect(t.Context(), "ws://"+addr, &Options{Protocols: []string{"chat", "superchat"}})
			if c != nil {
				t.Fatal("connected")
			}
			refused(t, err, tt.status, tt.reason)
			if (resp != nil) != (tt.status != 0) {
				t.Fatalf("response %v, want status %d", resp, tt.status)
			}
			if resp == nil {
				return
			}
			if body, err := io.ReadAll(resp.Body); string(body) != tt.body || err != nil {
				t.Errorf("body %.100q, %v; want %.100q", body, err, tt.body)
			}
		})
	}
}

// Connect does not follow a redirect, and does not send the credentials there.
func TestConnectFollowsNoRedirect(t *testing.T) {
	wiretest.NoLeaks(t)
	elsewhere := listenTCP(t, func(net.Conn) { t.Error("redirect was followed") })
	addr := listenTCP(t, func(nc net.Conn) {
		r := readRequest(t, nc)
		if user, password, _ := r.BasicAuth(); user != "me" || password != "secret" {
			t.Errorf("credentials %s:%s", user, password)
		}
		io.WriteString(nc, "HTTP/1.1 302 Found\r\nLocation: ws://"+elsewhere+"/\r\nContent-Length: 0\r\n\r\n")
	})
	_, resp, err := Connect(t.Context(), "ws://me:secret@"+addr, nil)
	refused(t, err, 302, "unexpected response status: 302 Found")
	if got, want := resp.Header.Get("Location"), "ws://"+elsewhere+"/"; got != want {
		t.Errorf("Location %q, want %q", got, want)
	}
}

// The first frames come in the segment of the response, and half of another comes
// behind them.
func TestConnectKeepsEarlyFrames(t *testing.T) {
	wiretest.NoLeaks(t)
	rest := make(chan bool)
	addr := listenTCP(t, func(nc net.Conn) {
		io.WriteString(nc, switchingProtocols(readRequest(t, nc))+"\x81\x05hello\x82\x01\x00\x81\x05wo")
		<-rest
		io.WriteString(nc, "rld")
	})
	c := connect(t, "ws://"+addr, nil)
	for _, want := range []string{"hello", "\x00", "world"} {
		if want == "world" {
			close(rest)
		}
		if data, _, err := c.RecvFrame(); string(data) != want || err != nil {
			t.Fatalf("%q, %v; want %q", data, err, want)
		}
	}
}

// A URL or an option that must not be sent is refused before anything is dialled.
func TestConnectDialsNothing(t *testing.T) {
	const ok = "ws://example.com/"
	for _, tt := range []struct {
		name, url string
		opts      Options
		reason    string
	}{
		{"3/line_break_in_host", "ws://example.com\r\nX: y/", Options{}, "bad websocket uri"},
		{"3/line_break_in_path", "ws://example.com/\r\nX: y", Options{}, "bad websocket uri"},
		{"3/line_break_in_query", "ws://example.com/?\nX: y", Options{}, "bad websocket uri"},
		{"3/null", "ws://example.com/\x00", Options{}, "bad websocket uri: bad syntax"},
		{"3/line_break_in_password", "ws://me:a%0D%0AX@example.com/", Options{}, "bad websocket uri"},
		{"3/fragment", ok + "#top", Options{}, "bad websocket uri"},
		{"3/empty_fragment", ok + "#", Options{}, "bad websocket uri: fragment"},
		{"3/http", "http://example.com/", Options{}, "bad websocket uri"},
		{"3/no_scheme", "example.com", Options{}, "bad websocket uri"},
		{"3/no_host", "ws:///", Options{}, "bad websocket uri"},
		{"3/percent_in_host", "wss://example.com%25.trusted.example/", Options{}, "bad websocket uri"},
		{"3/percent_in_brackets", "wss://[example.com%25.trusted.example]/", Options{}, "bad websocket uri"},
		{"unix/lua", "ws://unix:/p.sock:/r", Options{}, "form ws+unix:/p.sock:/r "},
		{"unix/lua_secure", "wss://UNIX:/p.sock:/r?q", Options{}, "form ws+unix:/p.sock:/r "},
		{"unix/lua_without_path", "ws://unix:/p%20.sock", Options{}, "form ws+unix:/p%20.sock "},
		{"unix/host", "ws+unix://example.com/p.sock:/r", Options{}, "a Unix socket has no host"},
		{"unix/no_socket", "ws+unix::/r", Options{}, "bad path of a Unix socket"},
		{"unix/resource", "ws+unix:/p.sock:r", Options{}, "bad resource name"},
		{"3/port", "ws://example.com:65536/", Options{}, "bad websocket uri"},
		{"4.1/line_break_in_Host", ok, Options{Host: "a\r\nX: y"}, "bad Host"},
		{"4.1/percent_in_Host", "wss://127.0.0.1/", Options{Host: "example.com%.trusted.example"}, "bad Host"},
		{"4.1/line_break_in_Origin", ok, Options{Origin: "http://a\r\nX: y"}, "bad Origin"},
		{"4.1/line_break_in_Key", ok, Options{Key: "x3JJHMbDL1EzLkh9GBhXDw==\r\n"}, "bad Sec-WebSocket-Key"},
		{"4.1/line_break_in_header_name", ok, Options{Header: http.Header{"X\r\nY": {"z"}}}, "bad request header"},
		{"4.1/line_break_in_header_value", ok, Options{Header: http.Header{"X": {"y\r\nz"}}}, "bad request header"},
		{"4.1/own_header", ok, Options{Header: http.Header{"Upgrade": {"h2c"}}}, "bad request header"},
		{"4.1/line_break_in_subprotocol", ok, Options{Protocols: []string{"chat\r\nX: y"}}, "bad subprotocol"},
		{"4.1/repeated_subprotocol", ok, Options{Protocols: []string{"chat", "chat"}}, "bad subprotocol"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.opts.Dial = func(context.Context, string, string) (net.Conn, error) {
				t.Error("dialled")
				return nil, io.EOF
			}
			_, resp, err := Connect(t.Context(), tt.url, &tt.opts)
			if resp != nil {
				t.Errorf("response %v", resp)
			}
			refused(t, err, 0, tt.reason)
			if strings.Contains(err.Error(), "me:") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

// The error for a mistyped URL does not show its password.
func TestConnectHidesPassword(t *testing.T) {
	for _, url := range []string{"ws://me:sec ret@example.com/", "ws://me:secret@example.com:port/", "ws://me:sec%ret@/"} {
		_, _, err := Connect(t.Context(), url, nil)
		if err == nil || strings.Contains(err.Error(), "sec") && strings.Contains(err.Error(), "ret") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestConnectRequest(t *testing.T) {
	requests := make(chan *http.Request, 1)
	addr := listenTCP(t, func(nc net.Conn) {
		r := readRequest(t, nc)
		requests <- r
		io.WriteString(nc, switchingProtocols(r, "Sec-WebSocket-Protocol: superchat\r\nX-Server: it\r\n"))
	})
	c, resp, err := Connect(t.Context(), "ws://me:secret@"+addr+"/chat?room=1", &Options{
		Protocols: []string{"chat", "superchat"},
		Origin:    "http://example.com",
		Header:    http.Header{"X-Client": {"a", "b"}},
		Host:      "example.com:8080",
		Key:       "x3JJHMbDL1EzLkh9GBhXDw==",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()
	if c.Protocol() != "superchat" || c.Response() != resp || resp.StatusCode != 101 || resp.Header.Get("X-Server") != "it" {
		t.Errorf("subprotocol %q, response %v", c.Protocol(), resp)
	}
	r := <-requests
	got := strings.Join([]string{r.Method, r.RequestURI, r.Host, r.Header.Get("Origin"), strings.Join(r.Header["X-Client"], "+"),
		r.Header.Get("Sec-WebSocket-Protocol"), r.Header.Get("Sec-WebSocket-Key"), r.Header.Get("Authorization")}, " ")
	const want = "GET /chat?room=1 example.com:8080 http://example.com a+b chat,superchat x3JJHMbDL1EzLkh9GBhXDw== Basic bWU6c2VjcmV0"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestConnectDialError(t *testing.T) {
	wiretest.NoLeaks(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	_, _, err = Connect(t.Context(), "ws://"+l.Addr().String(), nil)
	refused(t, err, 0, "failed to connect: dial tcp")
	var opErr *net.OpError
	if !errors.As(err, &opErr) {
		t.Errorf("%v does not wrap the dialler's error", err)
	}
}

func TestConnectDialsNil(t *testing.T) {
	dial := func(context.Context, string, string) (net.Conn, error) { return nil, nil }
	_, _, err := Connect(t.Context(), "ws://example.com/", &Options{Dial: dial, Proxy: proxy("")})
	refused(t, err, 0, "failed to connect: Options.Dial has returned neither")
}

func TestConnectKeepAliveError(t *testing.T) {
	wiretest.NoLeaks(t)
	addr := listenTCP(t, func(net.Conn) {})
	_, _, err := Connect(t.Context(), "ws://"+addr, &Options{
		KeepAlive: net.KeepAliveConfig{Enable: true},
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			nc, err := new(net.Dialer).DialContext(ctx, network, addr)
			nc.Close()
			return nc, err
		},
	})
	if !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}

// Frames from a server are not masked.
func TestRecvMasked(t *testing.T) {
	wiretest.NoLeaks(t)
	addr := listenTCP(t, accepting(t, func(nc net.Conn) {
		frame.NewWriter(nc, frame.Client, 0).WriteFrame(true, frame.Text, []byte("hello"))
		f, err := frame.NewReader(nc, frame.Server, 0).ReadFrame()
		if code, _, _ := frame.ParseClose(f.Payload); code != frame.StatusProtocolError {
			t.Errorf("told %v %v, %v", f.Opcode, code, err)
		}
	}))
	c := connect(t, "ws://"+addr, nil)
	data, _, err := c.RecvFrame()
	if err != frame.ErrMasked || data != nil || c.Fatal() != frame.ErrMasked {
		t.Errorf("%q, %v, Fatal %v", data, err, c.Fatal())
	}
}
