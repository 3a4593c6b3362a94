package interop

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
)

// options are those with which this client talks to foreign servers.
func options(cfg *tls.Config, proxy *url.URL) *client.Options {
	return &client.Options{
		MaxPayloadLen: -1,
		MaxMessageLen: 64 << 20,
		Timeout:       time.Minute,
		Protocols:     []string{"chat", "echo"},
		TLSConfig:     cfg,
		Proxy:         http.ProxyURL(proxy),
	}
}

func connect(t *testing.T, url string, opts *client.Options) *client.Conn {
	t.Helper()
	wb, _, err := client.Connect(t.Context(), url, opts)
	if err != nil {
		t.Fatalf("%s: %v", url, err)
	}
	t.Cleanup(func() { wb.CloseNow() })
	return wb
}

// converse expects that a server sends everything back, be its payload of up to
// largest bytes, and closes as it is told.
func converse(t *testing.T, wb *client.Conn, largest int) {
	t.Helper()
	if wb.Protocol() != "echo" {
		t.Errorf("subprotocol %q", wb.Protocol())
	}
	for _, size := range []int{0, 1, 125, 126, 65535, largest} {
		echoes(t, wb, frame.Text, bytes.Repeat([]byte("x"), size))
		echoes(t, wb, frame.Binary, bytes.Repeat([]byte{0xff}, size))
	}
	echoes(t, wb, frame.Text, []byte("Grüße, 世界 🙂"))

	for i, fragment := range []string{"Hel", "", "lo"} {
		op := frame.Continuation
		if i == 0 {
			op = frame.Text
		}
		if err := wb.SendFrame(i == 2, op, []byte(fragment)); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, wb, frame.Text, []byte("Hello"))

	if err := wb.SendPing([]byte("Grüße")); err != nil {
		t.Fatal(err)
	}
	if data, typ, err := wb.RecvFrame(); typ != frame.Pong || string(data) != "Grüße" || err != nil {
		t.Errorf("%v %q, %v, want the pong", typ, data, err)
	}
}

func echoes(t *testing.T, wb *client.Conn, op frame.Opcode, p []byte) {
	t.Helper()
	if err := wb.SendFrame(true, op, p); err != nil {
		t.Fatal(err)
	}
	expect(t, wb, op, p)
}

func expect(t *testing.T, wb *client.Conn, op frame.Opcode, p []byte) {
	t.Helper()
	data, typ, err := wb.RecvMessage()
	if typ != op || !bytes.Equal(data, p) || err != nil {
		t.Fatalf("%v of %d bytes, %v; want %v of %d", typ, len(data), err, op, len(p))
	}
}

// closed expects that the server has closed the connection with code and reason,
// and that it ends then.
func closed(t *testing.T, wb *client.Conn, code frame.StatusCode, reason string) {
	t.Helper()
	_, _, err := wb.RecvMessage()
	var closed *frame.CloseError
	if !errors.As(err, &closed) || closed.Code != code || closed.Reason != reason {
		t.Errorf("%v, want %v %q", err, code, reason)
	}
	if err := wb.Close(); err != nil {
		t.Error(err)
	}
}
