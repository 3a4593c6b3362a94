package handshake

import (
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

var testURL = &url.URL{Scheme: "ws", Host: "example.com", Path: "/chat"}

// A scriptedConn is a server that answers whatever is written with what r holds.
type scriptedConn struct {
	net.Conn
	r       io.Reader
	written strings.Builder
	writes  int
}

func (c *scriptedConn) Read(p []byte) (int, error) { return c.r.Read(p) }
func (c *scriptedConn) Write(p []byte) (int, error) {
	c.writes++
	return c.written.Write(p)
}

// testClient offers two subprotocols and compression, with a key whose answer is
// known.
var testClient = Client{
	Protocols: []string{"chat", "superchat"},
	Key:       "dGhlIHNhbXBsZSBub25jZQ==",
	Deflate:   &Deflate{Level: 3},
}

var validResponse = []string{
	"HTTP/1.1 101 Switching Protocols",
	"Upgrade: websocket",
	"Connection: Upgrade",
	"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
}

func response(changes ...string) string {
	return edit(validResponse, changes)
}

var responseTests = []struct {
	name   string
	raw    string
	status int
	reason string // empty: accepted
}{
	{"4.1/valid", response(), 101, ""},
	{"4.1/valid_without_reason_phrase", response("HTTP/1.1 101"), 101, ""},
	{"4.1/field_names_in_any_case", "HTTP/1.1 101 x\r\nUPGRADE:WebSocket\r\nconnection:upgrade\r\nsec-websocket-accept:\ts3pPLMBiTxaQ9kYGzzhZRbK+xOo= \r\n\r\n", 101, ""},
	{"4.1/connection_list", response("Connection: keep-alive, upgrade"), 101, ""},
	{"4.1/early_hints", "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + response(), 101, ""},
	{"4.1/lines_end_in_lf", strings.ReplaceAll(response(), "\r", ""), 101, ""},
	{"4.1/unknown_fields", response("+Server: x", "+Set-Cookie: a=1"), 101, ""},

	{"4.1/status_200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "unexpected response status: 200 OK"},
	{"4.1/status_301", "HTTP/1.1 301 Moved Permanently\r\nLocation: ws://other.example/\r\nContent-Length: 0\r\n\r\n", 301, "unexpected response status: 301 Moved Permanently"},
	{"4.1/status_401", "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", 401, "unexpected response status: 401 Unauthorized"},
	{"4.1/status_426", "HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 8\r\nContent-Length: 0\r\n\r\n", 426, "unexpected response status: 426 Upgrade Required"},
	{"4.1/status_204", "HTTP/1.1 204 No Content\r\n\r\n", 204, "unexpected response status: 204 No Content"},
	{"4.1/status_099", "HTTP/1.1 099 What\r\nContent-Length: 0\r\n\r\n", 99, "unexpected response status: 099 What"},
	{"4.1/http_1.0", response("HTTP/1.0 101 Switching Protocols"), 101, "bad HTTP response status line: HTTP/1.0 101 Switching Protocols"},
	{"4.1/http_1.2", response("HTTP/1.2 101 Switching Protocols"), 101, "bad HTTP response status line: HTTP/1.2 101 Switching Protocols"},
	{"4.1/http_2", response("HTTP/2.0 101 Switching Protocols"), 101, "bad HTTP response status line: HTTP/2.0 101 Switching Protocols"},
	{"4.1/http_in_lower_case", response("http/1.1 101 Switching Protocols"), 0, "bad HTTP response"},
	{"4.1/garbage", "banana\r\n\r\n", 0, "bad HTTP response"},
	{"4.1/leading_line_break", "\r\n" + response(), 0, "bad HTTP response"},
	{"4.1/frames_at_once", "\x81\x05Hello\r\n\r\n", 0, "bad HTTP response"},
	{"4.1/field_without_colon", response("+X"), 0, "bad HTTP response"},
	{"4.1/space_in_field_name", response("+X Y: z"), 101, `bad "X Y" response header`},
	{"4.1/space_behind_field_name", response("Upgrade : websocket"), 101, `bad "Upgrade " response header`},
	{"4.1/null_in_field_value", response("+X: \x00"), 0, "bad HTTP response"},

	{"4.1/upgrade_absent", response("-Upgrade"), 101, `bad "upgrade" response header`},
	{"4.1/upgrade_h2c", response("Upgrade: h2c"), 101, `bad "upgrade" response header`},
	{"4.1/upgrade_list", response("Upgrade: websocket, h2c"), 101, `bad "upgrade" response header`},
	{"4.1/upgrade_twice", response("+Upgrade: websocket"), 101, `bad "upgrade" response header`},
	{"4.1/connection_absent", response("-Connection"), 101, `bad "connection" response header`},
	{"4.1/connection_close", response("Connection: close"), 101, `bad "connection" response header`},
	{"4.1/connection_substring", response("Connection: notupgraded"), 101, `bad "connection" response header`},
	{"4.1/accept_absent", response("-Sec-WebSocket-Accept"), 101, `bad "sec-websocket-accept" response header`},
	{"4.1/accept_of_another_key", response("Sec-WebSocket-Accept: HSmrc0sMlYUkAGmm5OPpG2HaGWk="), 101, `bad "sec-websocket-accept" response header`},
	{"4.1/accept_in_lower_case", response("Sec-WebSocket-Accept: s3pplmbitxaq9kygzzhzrbk+xoo="), 101, `bad "sec-websocket-accept" response header`},
	{"4.1/accept_is_the_key", response("Sec-WebSocket-Accept: dGhlIHNhbXBsZSBub25jZQ=="), 101, `bad "sec-websocket-accept" response header`},
	{"11.3.3/accept_twice", response("+Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), 101, `bad "sec-websocket-accept" response header`},

	{"4.1/protocol_second", response("Sec-WebSocket-Protocol: superchat"), 101, ""},
	{"4.1/protocol_not_offered", response("Sec-WebSocket-Protocol: mqtt"), 101, "subprotocol not offered: mqtt"},
	{"4.1/protocol_case_matters", response("Sec-WebSocket-Protocol: Chat"), 101, "subprotocol not offered: Chat"},
	{"4.1/protocol_empty", response("Sec-WebSocket-Protocol:"), 101, "subprotocol not offered: "},
	{"4.1/protocol_list", response("Sec-WebSocket-Protocol: chat, superchat"), 101, "subprotocol not offered: chat, superchat"},
	{"11.3.4/protocol_twice", response("Sec-WebSocket-Protocol: chat", "+Sec-WebSocket-Protocol: chat"), 101, `bad "sec-websocket-protocol" response header`},

	{"4.1/extension_offered", response("Sec-WebSocket-Extensions: permessage-deflate"), 101, ""},
	{"4.1/extension_not_offered", response("Sec-WebSocket-Extensions: x-permessage-deflate-foo"), 101, "extension not offered: x-permessage-deflate-foo"},
	{"9.1/extension_malformed", response("Sec-WebSocket-Extensions: permessage-deflate;"), 101, `bad "sec-websocket-extensions" response header`},
	{"9.1/extension_empty", response("Sec-WebSocket-Extensions:"), 101, `bad "sec-websocket-extensions" response header`},
}

func TestClientUpgrade(t *testing.T) {
	const early = "\x81\x05Hello"
	for _, tt := range responseTests {
		raw := tt.raw
		if tt.reason == "" {
			raw += early
		}
		for name, chunked := range map[string]func(io.Reader) io.Reader{
			"at_once":       func(r io.Reader) io.Reader { return r },
			"one_byte":      iotest.OneByteReader,
			"half":          iotest.HalfReader,
			"data_and_err":  iotest.DataErrReader,
			"then_deadline": func(r io.Reader) io.Reader { return io.MultiReader(r, iotest.ErrReader(os.ErrDeadlineExceeded)) },
		} {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				rest := chunked(strings.NewReader(raw))
				conn := &scriptedConn{r: rest}
				result, err := testClient.Upgrade(conn, testURL)
				got, resp, a := result.Early, result.Response, result.Agreement
				if conn.writes != 1 || conn.written.String() != string(testClient.AppendRequest(nil, testURL, testClient.Key)) {
					t.Errorf("sent in %d writes: %q", conn.writes, conn.written.String())
				}
				if tt.reason != "" {
					checkRefusal(t, result, err, tt.status, tt.reason)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if result.Conn != conn {
					t.Errorf("Conn is %v", result.Conn)
				}
				if a.Protocol != resp.Header.Get("Sec-WebSocket-Protocol") || (a.Deflate != nil) != (resp.Header.Get("Sec-WebSocket-Extensions") != "") {
					t.Errorf("agreed on %+v, response says %v", a, resp.Header)
				}
				behind := make([]byte, len(early)-len(got))
				if _, err := io.ReadFull(rest, behind); err != nil {
					t.Fatal(err)
				}
				if string(got)+string(behind) != early {
					t.Errorf("%q and %q came behind the response", got, behind)
				}
				if len(got) == 0 && got != nil {
					t.Error("early bytes are empty, not nil")
				}
			})
		}
	}
}

func checkRefusal(t *testing.T, result Result, err error, status int, reason string) {
	t.Helper()
	resp := result.Response
	if result.Conn != nil || result.Early != nil || result.Agreement != (Agreement{}) {
		t.Errorf("a refusal gives %+v", result)
	}
	var e *Error
	if !errors.As(err, &e) || e.Status != status || e.Reason != reason {
		t.Errorf("got %v, want status %d and %q", err, status, reason)
	}
	if (resp != nil) != (status != 0) || resp != nil && resp.StatusCode != status {
		t.Errorf("response is %v, want status %d", resp, status)
	}
}

// A response that ends before its end is never taken for one.
func TestClientUpgradeCutShort(t *testing.T) {
	for _, tt := range responseTests {
		t.Run(tt.name, func(t *testing.T) {
			header := strings.LastIndex(tt.raw, "\r\n\r\n") + len("\r\n\r\n")
			for n := range header {
				result, err := testClient.Upgrade(&scriptedConn{r: strings.NewReader(tt.raw[:n])}, testURL)
				var e *Error
				if !errors.As(err, &e) || result.Response != nil {
					t.Fatalf("cut to %d bytes: %+v, %v", n, result, err)
				}
				if !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("cut to %d bytes: %v, want io.ErrUnexpectedEOF", n, err)
				}
			}
		})
	}
}

func TestClientUpgradeSilentServer(t *testing.T) {
	for _, tt := range []struct {
		name, sent string
		status     int
	}{
		{"4.1/says_nothing", "", 0},
		{"4.1/stops_in_header", "HTTP/1.1 101 Switch", 0},
		{"4.1/stops_in_body", "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nno", 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				nc, peer := net.Pipe()
				defer nc.Close()
				defer peer.Close()
				go io.Copy(io.Discard, peer)
				go io.WriteString(peer, tt.sent)
				nc.SetDeadline(time.Now().Add(time.Minute))
				result, err := testClient.Upgrade(nc, testURL)
				if tt.status == 0 {
					if !errors.Is(err, os.ErrDeadlineExceeded) {
						t.Errorf("returned %v", err)
					}
					return
				}
				checkRefusal(t, result, err, tt.status, "unexpected response status: 403 Forbidden")
			})
		})
	}
}

func TestClientUpgradeWriteError(t *testing.T) {
	nc, peer := net.Pipe()
	peer.Close()
	result, err := testClient.Upgrade(nc, testURL)
	if !errors.Is(err, io.ErrClosedPipe) || result.Response != nil {
		t.Errorf("returned %+v, %v", result, err)
	}
}

func TestClientUpgradeRandomKey(t *testing.T) {
	c := Client{}
	var keys [2]string
	for i := range keys {
		conn := &scriptedConn{r: strings.NewReader(response())}
		_, err := c.Upgrade(conn, testURL)
		var e *Error
		if !errors.As(err, &e) || e.Reason != `bad "sec-websocket-accept" response header` {
			t.Errorf("an answer to another key: %v", err)
		}
		keys[i] = conn.written.String()
	}
	if keys[0] == keys[1] {
		t.Error("two requests are the same")
	}
}
