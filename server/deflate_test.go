package server_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/server"
)

// wire counts the bytes that a client reads and writes.
type wire struct {
	net.Conn
	read, written *atomic.Int64
}

func (w wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	w.read.Add(int64(n))
	return n, err
}

func (w wire) Write(p []byte) (int, error) {
	n, err := w.Conn.Write(p)
	w.written.Add(int64(n))
	return n, err
}

// echoing connects to a server that sends back each message with send.
func echoing(t *testing.T, ours, theirs *handshake.Deflate, send func(*server.Conn, frame.Opcode, []byte) error) (*client.Conn, wire) {
	t.Helper()
	s := httptest.NewServer(server.Handler(&server.Options{Deflate: ours, MaxPayloadLen: -1}, func(c *server.Conn) {
		for {
			data, typ, err := c.RecvMessage()
			if err != nil || send(c, typ, data) != nil {
				return
			}
		}
	}))
	t.Cleanup(s.Close)
	w := wire{read: new(atomic.Int64), written: new(atomic.Int64)}
	c, _, err := client.Connect(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http"), &client.Options{
		Deflate:       theirs,
		MaxPayloadLen: -1,
		Dial: func(ctx context.Context, network, addr string) (nc net.Conn, err error) {
			w.Conn, err = new(net.Dialer).DialContext(ctx, network, addr)
			return w, err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c, w
}

func sendFrame(c *server.Conn, op frame.Opcode, p []byte) error { return c.SendFrame(true, op, p) }

// TestDeflate lets both sides talk, with what either of them may ask for, and
// looks at what was agreed on.
func TestDeflate(t *testing.T) {
	for _, tt := range []struct {
		name         string
		ours, theirs *handshake.Deflate
		agreed       string
	}{
		{"7.1/defaults", &handshake.Deflate{}, &handshake.Deflate{}, "permessage-deflate"},
		{"7.1.1.1/client_asks", &handshake.Deflate{}, &handshake.Deflate{ServerNoContextTakeover: true},
			"permessage-deflate; server_no_context_takeover"},
		{"7.1.1/server_decides", &handshake.Deflate{ServerNoContextTakeover: true, ClientNoContextTakeover: true}, &handshake.Deflate{},
			"permessage-deflate; server_no_context_takeover; client_no_context_takeover"},
		{"7.1.2/both_windows", &handshake.Deflate{ServerMaxWindowBits: 12, ClientMaxWindowBits: 9}, &handshake.Deflate{ServerMaxWindowBits: 10},
			"permessage-deflate; server_max_window_bits=10; client_max_window_bits=9"},
		{"7.1.2/least", &handshake.Deflate{ClientMaxWindowBits: 8}, &handshake.Deflate{ServerMaxWindowBits: 8},
			"permessage-deflate; server_max_window_bits=8; client_max_window_bits=8"},
		{"7/server_is_off", nil, &handshake.Deflate{}, ""},
		{"7/client_is_off", &handshake.Deflate{}, nil, ""},
		{"levels", &handshake.Deflate{Level: 9, Threshold: -1}, &handshake.Deflate{Level: -2}, "permessage-deflate"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, w := echoing(t, tt.ours, tt.theirs, sendFrame)
			if got := c.Response().Header.Get("Sec-WebSocket-Extensions"); got != tt.agreed {
				t.Errorf("agreed on %q, want %q", got, tt.agreed)
			}
			read, written, sent := w.read.Load(), w.written.Load(), 0
			for _, n := range []int{0, 1, 127, 128, 1000, 40_000, 100_000} {
				for _, message := range [][]byte{records(n), noise(n)} {
					echo(t, c, message)
				}
				sent += n
			}
			// Noise does not shrink, so that little more than half is the least.
			for name, n := range map[string]int64{"read": w.read.Load() - read, "written": w.written.Load() - written} {
				if got, shrunk := int(n), tt.agreed != ""; shrunk != (got < 2*sent-sent/4) {
					t.Errorf("%d bytes %s for %d of messages", got, name, 2*sent)
				}
			}
		})
	}
}

// echo sends a message and compares what comes back.
func echo(t *testing.T, c *client.Conn, message []byte) {
	t.Helper()
	if err := c.SendBinary(message); err != nil {
		t.Fatal(err)
	}
	if data, typ, err := c.RecvFrame(); err != nil || typ != frame.Binary || !bytes.Equal(data, message) {
		t.Fatalf("%d bytes came back as %v of %d, %v", len(message), typ, len(data), err)
	}
}

// records returns n bytes of JSON.
func records(n int) (b []byte) {
	for i := 0; len(b) < n; i++ {
		b = fmt.Appendf(b, `{"id":%d,"name":"record %d","valid":true},`, i, rand.IntN(100))
	}
	return b[:n]
}

// noise returns n random bytes.
func noise(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return b
}

// TestSendPlain sends the same message compressed and plain, from both sides.
// The message after a plain one must not refer to it.
func TestSendPlain(t *testing.T) {
	const secret = "the secret is 4f5a9c0e77b1d2386e0f"
	random := fmt.Sprintf("%x", noise(500)) + secret
	c, w := echoing(t, &handshake.Deflate{Level: 9}, &handshake.Deflate{Level: 9}, (*server.Conn).SendPlain)
	var sent [3]int64
	for i, send := range []func() error{
		func() error { return c.SendPlain(frame.Text, []byte(random)) },
		func() error { return c.SendString(random) },
		func() error { return c.SendString(random) },
	} {
		read, written := w.read.Load(), w.written.Load()
		if err := send(); err != nil {
			t.Fatal(err)
		}
		if data, typ, err := c.RecvMessage(); string(data) != random || typ != frame.Text || err != nil {
			t.Fatalf("%v %q, %v", typ, data, err)
		}
		sent[i] = w.written.Load() - written
		if n := w.read.Load() - read; n != int64(len(random))+4 {
			t.Errorf("the server sent %d bytes for %d", n, len(random))
		}
	}
	if plain := int64(len(random)) + 8; sent[0] != plain || sent[1] < plain/2 || sent[1] >= plain || sent[2] > sent[1]/4 {
		t.Errorf("plain, compressed, compressed again: %d bytes", sent)
	}
}

// TestMaxMessageLenOfInflated has a few bytes become too many.
func TestMaxMessageLenOfInflated(t *testing.T) {
	closed := make(chan error, 1)
	s := httptest.NewServer(server.Handler(&server.Options{Deflate: &handshake.Deflate{}, MaxMessageLen: 9999}, func(c *server.Conn) {
		_, _, err := c.RecvFrame()
		closed <- err
	}))
	defer s.Close()
	c, _, err := client.Connect(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http"), &client.Options{Deflate: &handshake.Deflate{}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()
	if err := c.SendBinary(make([]byte, 10_000)); err != nil {
		t.Fatal(err)
	}
	_, _, err = c.RecvMessage()
	if got, ok := err.(*frame.CloseError); !ok || got.Code != frame.StatusMessageTooBig {
		t.Errorf("the client is told %v", err)
	}
	if got, ok := (<-closed).(*frame.ProtocolError); !ok || got.Code != frame.StatusMessageTooBig {
		t.Errorf("the server finds %v", got)
	}
}
