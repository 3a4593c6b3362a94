package client

import (
	"net/http/httptest"
	"strings"
	"testing"

	"resty.websocket/handshake"
	"resty.websocket/internal/wiretest"
	"resty.websocket/server"
)

// A conversation with a server that compresses, or does not.
func TestDeflate(t *testing.T) {
	for _, tt := range []struct {
		name   string
		ours   *handshake.Deflate
		theirs *handshake.Deflate
		agreed string
	}{
		{"both", &handshake.Deflate{}, &handshake.Deflate{}, "permessage-deflate"},
		{"without_takeover", &handshake.Deflate{ClientNoContextTakeover: true}, &handshake.Deflate{ServerNoContextTakeover: true},
			"permessage-deflate; server_no_context_takeover; client_no_context_takeover"},
		{"small_windows", &handshake.Deflate{ServerMaxWindowBits: 9}, &handshake.Deflate{ClientMaxWindowBits: 10},
			"permessage-deflate; server_max_window_bits=9; client_max_window_bits=10"},
		{"client_alone", &handshake.Deflate{}, nil, ""},
		{"server_alone", nil, &handshake.Deflate{}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wiretest.NoLeaks(t)
			s := httptest.NewServer(server.Handler(&server.Options{Deflate: tt.theirs}, func(wb *server.Conn) {
				for {
					data, typ, err := wb.RecvMessage()
					if err != nil {
						return
					}
					wb.SendMessage(typ, data)
				}
			}))
			defer s.Close()
			c, resp, err := Connect(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http"), &Options{Deflate: tt.ours})
			if err != nil {
				t.Fatal(err)
			}
			if got := resp.Header.Get("Sec-WebSocket-Extensions"); got != tt.agreed {
				t.Errorf("agreed on %q, want %q", got, tt.agreed)
			}
			for _, text := range []string{"hello", strings.Repeat("hello ", 1000), strings.Repeat("hello ", 10000)} {
				if err := c.SendString(text); err != nil {
					t.Fatal(err)
				}
				if data, _, err := c.RecvMessage(); string(data) != text || err != nil {
					t.Fatalf("%d bytes, %v; want %d", len(data), err, len(text))
				}
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
