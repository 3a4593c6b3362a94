package interop

import (
	"bytes"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/handshake"
)

// TestForeignClientsCompress has the clients exchange 10,000 messages.
func TestForeignClientsCompress(t *testing.T) {
	asked(t)
	echo := buildEcho(t)
	for name, tt := range map[string]struct{ needs, command []string }{
		"Chromium":   {[]string{"node", "node_modules/playwright-core", "/usr/bin/chromium"}, []string{"node", "deflate-chromium.mjs"}},
		"ws":         {[]string{"node", "node_modules/ws"}, []string{"node", "deflate-ws.mjs"}},
		"websockets": {pythonNeeds, []string{"/usr/bin/python3", "-B", "deflate-client.py"}},
	} {
		for _, way := range waysToEcho {
			t.Run(name+"/"+way, func(t *testing.T) {
				for _, name := range tt.needs {
					require(t, name)
				}
				server := start(t, "server", echo, "-addr", "127.0.0.1:0", "-deflate", way)
				url := strings.Fields(server.expect("http://"))[1]
				start(t, "client", append(tt.command, url)...).succeed()
				server.interrupt()
				server.succeed()
			})
		}
	}
}

var pythonNeeds = []string{"/usr/bin/python3", "/usr/lib/python3/dist-packages/websockets"}

// TestForeignServersCompress exchanges 10,000 messages.
func TestForeignServersCompress(t *testing.T) {
	asked(t)
	for name, tt := range map[string]struct{ needs, command []string }{
		"ws":         {[]string{"node", "node_modules/ws"}, []string{"node", "deflate-server.mjs"}},
		"websockets": {pythonNeeds, []string{"/usr/bin/python3", "deflate-server.py"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, name := range tt.needs {
				require(t, name)
			}
			server := start(t, "server", tt.command...)
			willing, strict := server.expect("ws://"), server.expect("ws://")
			for name, d := range deflates() {
				t.Run(name, func(t *testing.T) { exchange(t, willing, d, 400) })
			}
			t.Run("strict", func(t *testing.T) {
				agreed := exchange(t, strict, &handshake.Deflate{}, 200)
				for _, want := range []string{
					"server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits=10", "client_max_window_bits=10",
				} {
					if !strings.Contains(agreed, want) {
						t.Errorf("agreed on %q, without %s", agreed, want)
					}
				}
			})
		})
	}
}

// deflates are what this client asks of servers that agree to everything.
func deflates() map[string]*handshake.Deflate {
	all := map[string]*handshake.Deflate{
		"takeover":           {},
		"takeover_to_server": {Level: 6, ServerNoContextTakeover: true},
		"takeover_to_client": {Level: 9, ClientNoContextTakeover: true},
		"no_takeover":        {Level: -2, ServerNoContextTakeover: true, ClientNoContextTakeover: true, Threshold: -1},
		"bits=8_of_client":   {ClientMaxWindowBits: 8}, // zlib has no such window itself
	}
	for bits := 9; bits <= 15; bits++ {
		all[fmt.Sprintf("bits=%d", bits)] = &handshake.Deflate{ServerMaxWindowBits: bits, ClientMaxWindowBits: bits, Threshold: 1}
	}
	return all
}

// exchange sends so many messages to a server that sends them back. It returns
// what was agreed on.
func exchange(t *testing.T, url string, d *handshake.Deflate, count int) (agreed string) {
	t.Helper()
	wb, resp, err := client.Connect(t.Context(), url, &client.Options{
		Deflate: d, MaxPayloadLen: -1, Timeout: time.Minute, Proxy: http.ProxyURL(nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer wb.CloseNow()
	agreed = resp.Header.Get("Sec-WebSocket-Extensions")
	if !strings.HasPrefix(agreed, "permessage-deflate") {
		t.Errorf("agreed on %q", agreed)
	}
	for i := range count {
		op, message := compose(i)
		if err := wb.SendFrame(true, op, message); err != nil {
			t.Fatal(err)
		}
		if got, typ, err := wb.RecvMessage(); typ != op || !bytes.Equal(got, message) || err != nil {
			t.Fatalf("message %d: %v of %d bytes came back as %v of %d, %v", i, op, len(message), typ, len(got), err)
		}
	}
	if err := wb.Close(); err != nil {
		t.Error(err)
	}
	return agreed
}

// compose returns the i-th of many messages: records of JSON, random bytes,
// nothing at all; short ones, and now and then a long one.
func compose(i int) (frame.Opcode, []byte) {
	size := mathrand.IntN(2_000)
	if i%16 == 0 {
		size = mathrand.IntN(200_000)
	}
	switch op := frame.Text + frame.Opcode(i%2); i % 5 {
	case 1:
		return op, nil
	case 2:
		b := make([]byte, size)
		rand.Read(b)
		return frame.Binary, b
	default:
		var b []byte
		for id := 0; len(b) < size; id++ {
			b = fmt.Appendf(b, `{"id":%d,"name":"Grüße %d 🙂","value":%d,"valid":true}`, id, id%7, mathrand.IntN(1000))
		}
		return op, b
	}
}
