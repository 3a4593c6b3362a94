package load

import (
	"bytes"
	"strings"
	"testing"

	"resty.websocket/frame"
)

// appendReply appends a frame as a server sends it, by the rules of Section 5.2 again, apart from what the load uses.
func appendReply(dst []byte, opcode byte, payload []byte) []byte {
	n := len(payload)
	switch dst = append(dst, 0x80|opcode); {
	case n < 126:
		dst = append(dst, byte(n))
	case n < 1<<16:
		dst = append(dst, 126, byte(n>>8), byte(n))
	default:
		dst = append(dst, 127, 0, 0, 0, 0, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return append(dst, payload...)
}

func TestRepliesAtEveryCut(t *testing.T) {
	for _, size := range []int{1, 16, 125, 126, 1000, 65535, 65536} {
		want := [][]byte{Text.bytes(size, 1), Text.bytes(size, 2)}
		wire := appendReply(appendReply(nil, 1, want[0]), 1, want[1])
		for cut := 0; cut <= len(wire); cut += 1 + size/300 {
			r := replies{size: size, want: want}
			first, err1 := r.feed(wire[:cut])
			second, err2 := r.feed(wire[cut:])
			if first+second != 2 || err1 != nil || err2 != nil {
				t.Fatalf("size %d cut at %d: %d and %d messages, %v, %v", size, cut, first, second, err1, err2)
			}
		}
	}
}

func TestRepliesRefuse(t *testing.T) {
	want := [][]byte{[]byte("Hello")}
	for _, tt := range []struct {
		name string
		wire string
		err  string
	}{
		{"another opcode", "\x82\x05Hello", "Opcode:binary"},
		{"a fragment", "\x01\x05Hello", "{Fin:false"},
		{"a mask", "\x81\x85\x00\x00\x00\x00Hello", "Masked:true"},
		{"another length", "\x81\x06Hello!", "Length:6"},
		{"another payload", "\x81\x05Hullo", "differs"},
		{"a reserved bit", "\xc1\x05Hello", "RSV1:true"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := replies{size: 5, want: want}
			if _, err := r.feed([]byte(tt.wire)); err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got %v, want %q", err, tt.err)
			}
		})
	}
}

func TestRepliesInOrder(t *testing.T) {
	want := [][]byte{[]byte("one"), []byte("two")}
	r := replies{size: 3, want: want}
	if n, err := r.feed([]byte("\x81\x03one\x81\x03two\x81\x03one")); n != 3 || err != nil {
		t.Errorf("in turn: %d messages, %v", n, err)
	}
	if _, err := r.feed([]byte("\x81\x03one")); err == nil {
		t.Error("a message that was not its turn was taken")
	}
}

func TestRepliesCountOnly(t *testing.T) {
	r := replies{size: 2}
	if n, err := r.feed([]byte("\x81\x02ab\x81\x02cd\x81")); n != 2 || err != nil {
		t.Errorf("%d messages, %v", n, err)
	}
}

// TestRepliesPings has Pings with and without a payload, cut everywhere, and looks at the answers as a server would.
func TestRepliesPings(t *testing.T) {
	wire := appendReply(appendReply(nil, 9, []byte("beat")), 9, nil)
	for cut := range wire {
		r := replies{size: 5, ping: true}
		first, err1 := r.feed(wire[:cut])
		second, err2 := r.feed(wire[cut:])
		if first+second != 2 || err1 != nil || err2 != nil {
			t.Fatalf("cut at %d: %d and %d Pings, %v, %v", cut, first, second, err1, err2)
		}
		server := frame.NewReader(bytes.NewReader(r.pongs), frame.Server, -1)
		for _, want := range []string{"beat", ""} {
			got, err := server.ReadFrame()
			if err != nil || got.Opcode != frame.Pong || string(got.Payload) != want {
				t.Errorf("cut at %d: answered with %v %q, %v", cut, got.Opcode, got.Payload, err)
			}
		}
	}
	r := replies{size: 5}
	if _, err := r.feed(wire); err == nil {
		t.Error("a Ping among messages is no error")
	}
}
