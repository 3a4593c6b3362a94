package load

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"resty.websocket/frame"
)

func TestPayloadBytes(t *testing.T) {
	for _, p := range []Payload{Text, NonASCII, JSON} {
		for _, size := range []int{1, 2, 3, 4, 16, 125, 1000} {
			got := p.bytes(size, 3)
			if len(got) != size {
				t.Errorf("%s of %d bytes has %d", p, size, len(got))
			}
			if !utf8.Valid(got) {
				t.Errorf("%s of %d bytes is not UTF-8: %q", p, size, got)
			}
			if size >= 16 && bytes.Equal(got, p.bytes(size, 4)) {
				t.Errorf("%s of %d bytes does not depend on the seed", p, size)
			}
		}
	}
}

func TestFlights(t *testing.T) {
	for _, size := range []int{1, 125, 126, 65535, 65536} {
		spec := &Spec{Conns: 3, Size: size, InFlight: 2, Payload: Text}
		all := flights(spec)
		if len(all) != spec.Conns {
			t.Fatalf("%d flights for %d connections", len(all), spec.Conns)
		}
		for _, f := range all {
			checkFlight(t, f, spec)
		}
	}
}

// TestFlightsCompressed has the frames inflate to their echoes, each by itself.
func TestFlightsCompressed(t *testing.T) {
	for _, f := range flights(&Spec{Conns: 2, Size: 5000, InFlight: 3, Payload: JSON, Deflate: Takeover}) {
		for i, rest := 0, f.wire; len(rest) > 0; i++ {
			h, n, err := frame.ParseHeader(rest)
			if err != nil || !h.RSV1 || !h.Fin || h.Opcode != frame.Text {
				t.Fatalf("%+v, %v", h, err)
			}
			payload := rest[n:][:h.Length]
			frame.Mask(payload, h.MaskKey, 0)
			if got, err := new(inflater).inflate(payload); err != nil || !bytes.Equal(got, f.echoes[i]) {
				t.Errorf("message %d inflates to %d bytes, %v", i, len(got), err)
			}
			rest = rest[n+int(h.Length):]
		}
	}
}

// checkFlight reads a flight as a server would.
func checkFlight(t *testing.T, f flight, spec *Spec) {
	t.Helper()
	r := frame.NewReader(bytes.NewReader(f.wire), frame.Server, -1)
	for i := range spec.InFlight {
		got, err := r.ReadFrame()
		if err != nil {
			t.Fatal(err)
		}
		if got.Opcode != frame.Text || !got.Fin || !got.Masked || got.MaskKey == [4]byte{} {
			t.Errorf("header %+v", got.Header)
		}
		if len(f.echoes[i]) != spec.Size || !bytes.Equal(got.Payload, f.echoes[i]) {
			t.Errorf("message %d of size %d does not unmask to its echo", i, spec.Size)
		}
	}
}

func TestUpgraded(t *testing.T) {
	const head = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: " + accept + "\r\n"
	for _, tt := range []struct {
		name, response string
		up, ok         bool
	}{
		{"whole", head + "\r\n", true, true},
		{"part", head, false, true},
		{"nothing", "", false, true},
		{"a byte too many", head + "\r\nx", false, false},
		{"another status", "HTTP/1.1 200 OK\r\nSec-WebSocket-Accept: " + accept + "\r\n\r\n", false, false},
		{"another key", "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: AAAA\r\n\r\n", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &conn{load: &Load{spec: &Spec{}}}
			n, err := c.arrive([]byte(tt.response))
			if c.up != tt.up || (n == 1) != tt.up || (err == nil) != tt.ok {
				t.Errorf("%d messages, up %v, err %v", n, c.up, err)
			}
		})
	}
}

func TestFlightsDue(t *testing.T) {
	for _, tt := range []struct{ inFlight, replies, want int }{{1, 0, 1}, {16, 0, 16}, {1, 1000, 1000}} {
		all := flights(&Spec{Conns: 1, Size: 1, InFlight: tt.inFlight, Replies: tt.replies, Payload: Text})
		if got := all[0].due; got != tt.want {
			t.Errorf("%d in flight, %d replies: %d due, want %d", tt.inFlight, tt.replies, got, tt.want)
		}
	}
}
