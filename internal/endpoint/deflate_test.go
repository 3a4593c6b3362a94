package endpoint

import (
	"bytes"
	"compress/flate"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/deflate"
	"resty.websocket/internal/wiretest"
)

// The payloads of RFC 7692, Section 7.2.3, that carry "Hello".
const (
	helloFixed    = "\xf2\x48\xcd\xc9\xc9\x07\x00"                         // 7.2.3.1, one block
	helloStored   = "\x00\x05\x00\xfa\xffHello\x00"                        // 7.2.3.3, no compression
	helloFinal    = "\xf3\x48\xcd\xc9\xc9\x07\x00\x00"                     // 7.2.3.4, BFINAL set
	helloTwoParts = "\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00" // 7.2.3.5, two blocks
	helloAgain    = "\xf2\x00\x11\x00\x00"                                 // 7.2.3.2, after a first "Hello"
)

// compressed returns the bytes of a frame with RSV1.
func (p *peer) compressed(fin bool, op frame.Opcode, payload string) []byte {
	h := frame.Header{Fin: fin, RSV1: op != frame.Continuation, Opcode: op, Masked: p.role == frame.Client}
	return frame.AppendFrame(nil, h, []byte(payload))
}

// TestInflate receives one message in several shapes, frame by frame and as
// messages: it comes out the same.
func TestInflate(t *testing.T) {
	shapes := map[string]func(p *peer){
		"7.2.3.1/one_block":  func(p *peer) { p.sendBytes(p.compressed(true, frame.Text, helloFixed)) },
		"7.2.3.3/stored":     func(p *peer) { p.sendBytes(p.compressed(true, frame.Text, helloStored)) },
		"7.2.3.4/final":      func(p *peer) { p.sendBytes(p.compressed(true, frame.Text, helloFinal)) },
		"7.2.3.5/two_blocks": func(p *peer) { p.sendBytes(p.compressed(true, frame.Text, helloTwoParts)) },
		"6.1/fragments": func(p *peer) {
			p.sendBytes(p.compressed(false, frame.Text, helloFixed[:3]))
			p.send(false, frame.Continuation, "")
			p.send(true, frame.Continuation, helloFixed[3:])
		},
		"6/not_compressed": func(p *peer) { p.send(true, frame.Text, "Hello") },
	}
	for name, send := range shapes {
		t.Run(name, func(t *testing.T) {
			c, p := newPair(t, Config{Deflate: noTakeover})
			send(p)
			wantFrame(t, c, "Hello", frame.Text, nil)
			send(p)
			wantMessage(t, c, "Hello", frame.Text)
		})
	}
}

func TestInflateTakesContextOver(t *testing.T) {
	c, p := newPair(t, Config{Deflate: takeover})
	p.sendBytes(p.compressed(true, frame.Text, helloFixed))
	p.send(true, frame.Text, "not in the window")
	p.sendBytes(p.compressed(true, frame.Text, helloAgain))
	wantMessage(t, c, "Hello", frame.Text)
	wantMessage(t, c, "not in the window", frame.Text)
	wantMessage(t, c, "Hello", frame.Text)
}

// TestInflateWithControlFrames has a ping between the fragments, where
// RecvFrame delivers it.
func TestInflateWithControlFrames(t *testing.T) {
	c, p := newPair(t, Config{Deflate: noTakeover})
	p.sendBytes(p.compressed(false, frame.Binary, helloFixed[:3]))
	p.send(true, frame.Ping, "between")
	p.send(true, frame.Continuation, helloFixed[3:])
	wantFrame(t, c, "between", frame.Ping, nil)
	wantFrame(t, c, "Hello", frame.Binary, nil)
}

// TestInflateAfterTimeout stops inside a compressed message. Neither kind of
// call may hand out what there is of it.
func TestInflateAfterTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Deflate: noTakeover, Timeout: time.Second})
		p.sendBytes(p.compressed(false, frame.Text, helloFixed[:3]))
		wantTimeout(t, c, time.Second)
		if _, _, err := c.RecvMessage(); err == nil {
			t.Error("RecvMessage returned half a message")
		}
		p.send(true, frame.Continuation, helloFixed[3:])
		wantFrame(t, c, "Hello", frame.Text, nil)
	})
}

func TestInflateRefuses(t *testing.T) {
	bomb, _ := new(deflate.Compressor).Compress(nil, make([]byte, 1<<20))
	latin, _ := new(deflate.Compressor).Compress(nil, bytes.Repeat([]byte("\xe4"), 100))
	tests := []struct {
		name string
		cfg  Config
		send func(p *peer) []byte
		code frame.StatusCode
	}{
		{"7.4.1/not_deflate", Config{Deflate: noTakeover}, func(p *peer) []byte {
			return p.compressed(true, frame.Text, "\xff\xff\xff")
		}, frame.StatusInvalidFramePayloadData},
		{"7.4.1/truncated", Config{Deflate: noTakeover}, func(p *peer) []byte {
			return p.compressed(true, frame.Text, helloFixed[:4])
		}, frame.StatusInvalidFramePayloadData},
		{"8.1/text_not_utf8", Config{Deflate: noTakeover}, func(p *peer) []byte {
			return p.compressed(true, frame.Text, string(latin))
		}, frame.StatusInvalidFramePayloadData},
		{"10.4/bomb", Config{Deflate: noTakeover, MaxMessageLen: 1<<20 - 1}, func(p *peer) []byte {
			return p.compressed(true, frame.Binary, string(bomb))
		}, frame.StatusMessageTooBig},
		{"10.4/plain_message_over_the_limit", Config{Deflate: noTakeover, MaxMessageLen: 10}, func(p *peer) []byte {
			return p.frame(true, frame.Binary, "0123456789+")
		}, frame.StatusMessageTooBig},
		{"10.4/compressed_frame_over_the_limit", Config{Deflate: noTakeover, MaxRecvLen: 6}, func(p *peer) []byte {
			return p.compressed(true, frame.Text, helloFixed)
		}, frame.StatusMessageTooBig},
		{"5.2/not_negotiated", Config{}, func(p *peer) []byte {
			return p.compressed(true, frame.Text, helloFixed)
		}, frame.StatusProtocolError},
		{"5.2/continuation_with_rsv1", Config{Deflate: noTakeover}, func(p *peer) []byte {
			b := p.compressed(false, frame.Text, helloFixed[:3])
			last := p.compressed(true, frame.Continuation, helloFixed[3:])
			last[0] |= 0x40
			return append(b, last...)
		}, frame.StatusProtocolError},
		{"5.2/ping_with_rsv1", Config{Deflate: noTakeover}, func(p *peer) []byte {
			return p.compressed(true, frame.Ping, "")
		}, frame.StatusProtocolError},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, p := newPair(t, test.cfg)
			p.sendBytes(test.send(p))
			if data, _, err := c.RecvMessage(); err == nil || data != nil {
				t.Errorf("received %q, %v", data, err)
			}
			p.wantClose(test.code)
		})
	}
}

// TestDeflateSend looks at the first byte of what is sent.
func TestDeflateSend(t *testing.T) {
	long := strings.Repeat("all work and no play ", 50)
	random := make([]byte, 1000)
	for i := range random {
		random[i] = byte(rand.Int())
	}
	tests := []struct {
		name string
		send func(c *Conn) error
		want byte
	}{
		{"long_text", func(c *Conn) error { return c.SendString(long) }, 0xC1},
		{"text_of_the_threshold", func(c *Conn) error { return c.SendString(long[:512]) }, 0xC1},
		{"short_text", func(c *Conn) error { return c.SendString(long[:511]) }, 0x81},
		{"plain", func(c *Conn) error { return c.SendPlain(frame.Text, []byte(long)) }, 0x81},
		{"does_not_shrink", func(c *Conn) error { return c.SendFrame(true, frame.Binary, random) }, 0x82},
		{"fragment", func(c *Conn) error { return c.SendFrame(false, frame.Text, []byte(long)) }, 0x01},
		{"last_fragment", func(c *Conn) error { return c.SendFrame(true, frame.Continuation, []byte(long)) }, 0x80},
		{"ping", func(c *Conn) error { return c.SendFrame(true, frame.Ping, []byte(long[:125])) }, 0x89},
	}
	c, p := newPair(t, Config{Role: frame.Server, Deflate: noTakeover})
	for _, test := range tests {
		before := p.in.Buffered()
		if err := test.send(c); err != nil || before != 0 {
			t.Fatal(test.name, err, before)
		}
		first, err := p.in.Peek(1)
		if err != nil || first[0] != test.want {
			t.Errorf("%s: first byte %#x, %v, want %#x", test.name, first, err, test.want)
		}
		p.in.Discard(p.in.Buffered())
	}
}

// The agreements of most tests.
var (
	takeover   = &handshake.Deflate{}
	noTakeover = &handshake.Deflate{ServerNoContextTakeover: true, ClientNoContextTakeover: true}
)

func TestDefaultThreshold(t *testing.T) {
	for _, test := range []struct {
		d    handshake.Deflate
		want int
	}{
		{*noTakeover, 512},
		{handshake.Deflate{ServerNoContextTakeover: true}, 512},
		{handshake.Deflate{ClientNoContextTakeover: true}, 128},
		{handshake.Deflate{}, 128},
		{handshake.Deflate{ServerMaxWindowBits: 15}, 128},
		{handshake.Deflate{ServerMaxWindowBits: 14}, 512},
		{handshake.Deflate{ClientMaxWindowBits: 14}, 128},
		{handshake.Deflate{Level: flate.HuffmanOnly}, 512},
		{handshake.Deflate{Threshold: 1}, 1},
		{handshake.Deflate{Threshold: -1}, -1},
	} {
		if got := newDeflation(&test.d, frame.Server).threshold; got != test.want {
			t.Errorf("%+v: %d, want %d", test.d, got, test.want)
		}
	}
}

// TestDeflateBothWays lets two endpoints talk, with all that can be agreed on.
func TestDeflateBothWays(t *testing.T) {
	for _, takeover := range []bool{false, true} {
		for _, bits := range []int{8, 9, 12, 15} {
			t.Run(fmt.Sprintf("takeover=%v/bits=%d", takeover, bits), func(t *testing.T) {
				d := &handshake.Deflate{
					Threshold: -1, ServerNoContextTakeover: !takeover, ClientNoContextTakeover: !takeover,
					ServerMaxWindowBits: bits, ClientMaxWindowBits: bits,
				}
				a, b := wiretest.Pipe()
				server := New(a, &Config{Deflate: d, MaxRecvLen: -1, MaxSendLen: -1}, nil)
				client := New(b, &Config{Deflate: d, MaxRecvLen: -1, MaxSendLen: -1, Role: frame.Client, Masked: true}, nil)
				defer server.CloseNow()
				defer client.CloseNow()
				for n := range 30 {
					message := mixed(20 * n * n)
					if err := client.SendFrame(true, frame.Text, []byte(message)); err != nil {
						t.Fatal(err)
					}
					wantMessage(t, server, message, frame.Text)
					if err := server.SendFrame(true, frame.Text, []byte(message)); err != nil {
						t.Fatal(err)
					}
					wantFrame(t, client, message, frame.Text, nil)
				}
			})
		}
	}
}

// mixed returns n bytes of text, part of which shrinks.
func mixed(n int) string {
	var b strings.Builder
	for b.Len() < n {
		fmt.Fprintf(&b, `{"id":%d,"name":"Grüße"},`, rand.IntN(1000))
	}
	return strings.ToValidUTF8(b.String()[:n], "")
}
