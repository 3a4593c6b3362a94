package handshake

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
)

// browserRequest has the fields that a browser sends on top of the least.
var browserRequest = request(
	"Connection: keep-alive, Upgrade",
	"Origin: http://server.example.com",
	"Sec-WebSocket-Protocol: chat, superchat",
	"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
)

// BenchmarkUpgrade runs from Upgrade's start until the 101 is written.
func BenchmarkUpgrade(b *testing.B) {
	for _, bb := range []struct {
		name    string
		deflate *Deflate
	}{
		{"deflate=off", nil},
		{"deflate=on", &Deflate{}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			s := Server{Protocols: []string{"superchat", "chat"}, Deflate: bb.deflate}
			r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(browserRequest)))
			if err != nil {
				b.Fatal(err)
			}
			w := record(new(fakeConn))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Upgrade(w, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAccept(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Accept("dGhlIHNhbXBsZSBub25jZQ==")
	}
}

// BenchmarkNegotiate shows that the time grows with the bytes and no faster.
func BenchmarkNegotiate(b *testing.B) {
	for _, size := range []struct {
		name  string
		bytes int
	}{{"8KiB", 8 << 10}, {"64KiB", 64 << 10}, {"512KiB", 512 << 10}} {
		b.Run("size="+size.name, func(b *testing.B) {
			const prefix = `foo; a="`
			lines := []string{prefix + strings.Repeat(`\a`, (size.bytes-len(prefix)-1)/2) + `"`}
			b.SetBytes(int64(size.bytes))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, ok := new(Deflate).negotiate(lines); !ok {
					b.Fatal("malformed")
				}
			}
		})
	}
}

func BenchmarkClientUpgrade(b *testing.B) {
	answer := response("Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Extensions: permessage-deflate")
	b.ReportAllocs()
	for b.Loop() {
		conn := &scriptedConn{r: strings.NewReader(answer)}
		if _, err := testClient.Upgrade(conn, testURL); err != nil {
			b.Fatal(err)
		}
	}
}
