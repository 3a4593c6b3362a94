package handshake_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"resty.websocket/handshake"
)

// Both halves: a handler that upgrades, and a client that asks it to.
func Example() {
	server := handshake.Server{Protocols: []string{"superchat", "chat"}}
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		result, err := server.Upgrade(w, r)
		if err != nil {
			return // the client was told
		}
		result.Conn.Close() // frames would follow here
	}))
	defer ts.Close()

	u, err := url.Parse("ws" + strings.TrimPrefix(ts.URL, "http") + "/chat")
	if err != nil {
		fmt.Println(err)
		return
	}
	client := handshake.Client{Protocols: []string{"chat", "superchat"}}
	if err := client.Check(u); err != nil {
		fmt.Println(err)
		return
	}
	nc, err := net.Dial("tcp", u.Host)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer nc.Close()
	result, err := client.Upgrade(nc, u)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Response.Status)
	fmt.Println(result.Protocol)
	// Output:
	// 101 Switching Protocols
	// superchat
}

// The first frame may come in the same packet as the response.
func ExampleResult() {
	nc, peer := net.Pipe()
	defer nc.Close()
	go func() {
		r, err := http.ReadRequest(bufio.NewReader(peer))
		if err == nil {
			fmt.Fprintf(peer, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
				"Sec-WebSocket-Accept: %s\r\n\r\n\x81\x05hello", handshake.Accept(r.Header.Get("Sec-WebSocket-Key")))
		}
		peer.Close()
	}()
	result, err := new(handshake.Client).Upgrade(nc, &url.URL{Scheme: "ws", Host: "example.com"})
	if err != nil {
		fmt.Println(err)
		return
	}
	frames := io.MultiReader(bytes.NewReader(result.Early), result.Conn)
	first := make([]byte, 7)
	if _, err := io.ReadFull(frames, first); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%q\n", first)
	// Output: "\x81\x05hello"
}

func ExampleAccept() {
	fmt.Println(handshake.Accept("dGhlIHNhbXBsZSBub25jZQ=="))
	// Output: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
}

// Pages of the server's own host may connect, and those of two sister sites, and
// programs that are no browsers.
func ExampleServer_origins() {
	server := handshake.Server{Origins: []string{"https://app.example", "https://*.example.org"}}
	r := httptest.NewRequest("GET", "http://example.com/chat", nil)
	r.Header = http.Header{
		"Upgrade":               {"websocket"},
		"Connection":            {"Upgrade"},
		"Sec-Websocket-Key":     {"dGhlIHNhbXBsZSBub25jZQ=="},
		"Sec-Websocket-Version": {"13"},
		"Origin":                {"https://evil.example"},
	}
	w := httptest.NewRecorder()
	_, err := server.Upgrade(w, r)
	var e *handshake.Error
	if errors.As(err, &e) {
		fmt.Println(e.Section)
	}
	text, expected, _ := strings.Cut(w.Body.String(), "; ")
	fmt.Println(w.Code, text)
	fmt.Print(expected)
	// Output:
	// RFC 6455, Section 10.2
	// 403 origin not allowed: https://evil.example
	// expected http://example.com or https://example.com or https://app.example or https://*.example.org
}

// A server whose customers have pages of their own looks each Origin up.
func ExampleServer_checkOrigin() {
	tenants := map[string]bool{"https://one.example": true}
	server := handshake.Server{
		CheckOrigin: func(r *http.Request) bool { return tenants[r.Header.Get("Origin")] },
	}
	r := httptest.NewRequest("GET", "/chat", nil)
	r.Header = http.Header{
		"Upgrade":               {"websocket"},
		"Connection":            {"Upgrade"},
		"Sec-Websocket-Key":     {"dGhlIHNhbXBsZSBub25jZQ=="},
		"Sec-Websocket-Version": {"13"},
		"Origin":                {"https://two.example"},
	}
	_, err := server.Upgrade(httptest.NewRecorder(), r)
	fmt.Println(err)
	// Output: handshake: origin not allowed: https://two.example (RFC 6455, Section 10.2)
}

func ExampleError() {
	var server handshake.Server
	_, err := server.Upgrade(httptest.NewRecorder(), httptest.NewRequest("GET", "/chat", nil))
	var e *handshake.Error
	if errors.As(err, &e) {
		fmt.Println(e.Status)
		fmt.Println(e.Reason)
		fmt.Println(e.Section)
	}
	// Output:
	// 400
	// not a WebSocket handshake: bad "upgrade" request header: nil
	// RFC 6455, Section 4.2.1
}

func ExampleClient_Check() {
	u := &url.URL{Scheme: "ws", Host: "example.com", Path: "/chat"}
	client := handshake.Client{Header: http.Header{"X-Name": {"me\r\nX-Role: admin"}}}
	fmt.Println(client.Check(u))
	// Output: handshake: bad request header: X-Name: control character in the value (RFC 6455, Section 4.1)
}

func ExampleClient_AppendRequest() {
	u, err := url.Parse("wss://example.com:443/chat?room=1")
	if err != nil {
		fmt.Println(err)
		return
	}
	client := handshake.Client{
		Protocols: []string{"chat"},
		Header:    http.Header{"Cookie": {"session=1"}},
	}
	request := client.AppendRequest(nil, u, "dGhlIHNhbXBsZSBub25jZQ==")
	fmt.Print(strings.ReplaceAll(string(request), "\r\n", "\n"))
	// Output:
	// GET /chat?room=1 HTTP/1.1
	// Host: example.com
	// Upgrade: websocket
	// Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
	// Sec-WebSocket-Protocol: chat
	// Sec-WebSocket-Version: 13
	// Connection: Upgrade
	// User-Agent: resty.websocket
	// Cookie: session=1
}

// A client that has 4 KiB for the window of what it receives, and does not want to
// keep it between messages.
func ExampleDeflate() {
	client := handshake.Client{Deflate: &handshake.Deflate{
		ServerNoContextTakeover: true,
		ServerMaxWindowBits:     12,
	}}
	u := &url.URL{Scheme: "ws", Host: "example.com"}
	for line := range strings.Lines(string(client.AppendRequest(nil, u, ""))) {
		if strings.HasPrefix(line, "Sec-WebSocket-Extensions") {
			fmt.Print(line)
		}
	}
	// Output:
	// Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; server_max_window_bits=12; client_max_window_bits
}
