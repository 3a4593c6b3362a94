package frame

import (
	"errors"
	"io"
	"strings"
	"testing"

	"resty.websocket/internal/wiretest"
)

// A sending is a frame that is to be sent.
type sending struct {
	fin     bool
	op      Opcode
	payload string
}

// refusals are frames that may not be sent. The frames before them may.
var refusals = []struct {
	name   string
	before []sending
	frame  sending
	want   error
}{
	{"5.2/reserved_data", nil, sending{true, 0x3, ""}, ErrSendFrame},
	{"5.2/reserved_control", nil, sending{true, 0xB, ""}, ErrSendFrame},
	{"5.2/opcode_of_five_bits", nil, sending{true, 0x11, ""}, ErrSendFrame},
	{"5.4/continuation_of_nothing", nil, sending{true, Continuation, ""}, ErrSendFrame},
	{"5.4/continuation_of_a_whole_message", []sending{{true, Text, "hi"}}, sending{false, Continuation, ""}, ErrSendFrame},
	{"5.4/continuation_after_the_last", []sending{{false, Text, "h"}, {true, Continuation, "i"}}, sending{true, Continuation, ""}, ErrSendFrame},
	{"5.4/text_in_text", []sending{{false, Text, "h"}}, sending{true, Text, "i"}, ErrSendFrame},
	{"5.4/binary_in_text_after_a_ping", []sending{{false, Text, "h"}, {true, Ping, ""}}, sending{false, Binary, "i"}, ErrSendFrame},
	{"5.5/ping_of_126_bytes", nil, sending{true, Ping, strings.Repeat("p", 126)}, ErrSendFrame},
	{"5.5/close_of_126_bytes", nil, sending{true, Close, "\x03\xE8" + strings.Repeat("r", 124)}, ErrSendFrame},
	{"5.5/fragmented_pong", nil, sending{false, Pong, ""}, ErrSendFrame},
	{"5.5/fragmented_close", nil, sending{false, Close, ""}, ErrSendFrame},
	{"5.5.1/one_byte_body", nil, sending{true, Close, "\x03"}, ErrSendStatusCode},
	{"5.5.1/text_after_close", []sending{{true, Close, ""}}, sending{true, Text, "hi"}, ErrSendClosed},
	{"5.5.1/pong_after_close", []sending{{true, Close, ""}}, sending{true, Pong, ""}, ErrSendClosed},
	{"5.5.1/close_after_close", []sending{{true, Close, "\x03\xE8"}}, sending{true, Close, "\x03\xE8"}, ErrSendClosed},
	{"5.5.1/continuation_after_close", []sending{{false, Text, "h"}, {true, Close, ""}}, sending{true, Continuation, "i"}, ErrSendClosed},
	{"7.4/code_0", nil, sending{true, Close, "\x00\x00"}, ErrSendStatusCode},
	{"7.4/code_1005", nil, sending{true, Close, "\x03\xED"}, ErrSendStatusCode},
	{"7.4/code_1006", nil, sending{true, Close, "\x03\xEE"}, ErrSendStatusCode},
	{"7.4/code_1015", nil, sending{true, Close, "\x03\xF7"}, ErrSendStatusCode},
	{"7.4/code_5000", nil, sending{true, Close, "\x13\x88"}, ErrSendStatusCode},
	{"8.1/bad_byte", nil, sending{true, Text, "a\xFF"}, ErrSendText},
	{"8.1/bad_byte_in_a_fragment", nil, sending{false, Text, "a\xFF"}, ErrSendText},
	{"8.1/ends_in_a_character", nil, sending{true, Text, "a\xE2\x82"}, ErrSendText},
	{"8.1/bad_continuation", []sending{{false, Text, "a\xE2"}, {true, Ping, "\x82"}}, sending{false, Continuation, "b"}, ErrSendText},
	{"8.1/last_continuation_ends_in_a_character", []sending{{false, Text, "a\xE2"}}, sending{true, Continuation, "\x82"}, ErrSendText},
	{"8.1/bad_reason", nil, sending{true, Close, "\x03\xE8\xFF"}, ErrSendText},
	{"10.4/text_over_the_limit", nil, sending{true, Text, strings.Repeat("a", 201)}, ErrSendTooLong},
	{"10.4/continuation_over_the_limit", []sending{{false, Binary, ""}}, sending{true, Continuation, strings.Repeat("a", 201)}, ErrSendTooLong},
}

func TestEncoderRefuses(t *testing.T) {
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			for _, masked := range []bool{false, true} {
				e := Encoder{Masked: masked, MaxPayloadLen: 200}
				for _, s := range tt.before {
					if _, err := e.Next(s.fin, s.op, []byte(s.payload)); err != nil {
						t.Fatalf("%+v: %v", s, err)
					}
				}
				before := e
				h, err := e.Next(tt.frame.fin, tt.frame.op, []byte(tt.frame.payload))
				if !errors.Is(err, tt.want) || h != (Header{}) {
					t.Errorf("%+v, %v, want %v", h, err, tt.want)
				}
				if b, err := e.AppendFrame([]byte("own"), tt.frame.fin, tt.frame.op, []byte(tt.frame.payload)); string(b) != "own" || !errors.Is(err, tt.want) {
					t.Errorf("AppendFrame: %q, %v, want %v", b, err, tt.want)
				}
				if e != before {
					t.Errorf("afterwards %+v, before %+v", e, before)
				}
			}
		})
	}
}

// TestEncoderAppendFrame compares AppendFrame with Next and the function of its name.
func TestEncoderAppendFrame(t *testing.T) {
	for _, masked := range []bool{false, true} {
		one, two := Encoder{Masked: masked, MaxPayloadLen: -1}, Encoder{Masked: masked, MaxPayloadLen: -1}
		for _, s := range []sending{
			{true, Text, ""}, {false, Text, strings.Repeat("é", 63)}, {true, Ping, "p"}, {true, Continuation, "end"},
			{true, Binary, strings.Repeat("b", 65536)}, {true, Close, "\x03\xE8bye"},
		} {
			before := "before"
			b, err := one.AppendFrame([]byte(before), s.fin, s.op, []byte(s.payload))
			got, n, parseErr := ParseHeader(b[len(before):])
			if err != nil || parseErr != nil {
				t.Fatalf("%v: %v, %v", s.op, err, parseErr)
			}
			want, err := two.Next(s.fin, s.op, []byte(s.payload))
			if want.MaskKey = got.MaskKey; got != want || err != nil {
				t.Errorf("header %+v, want %+v, %v", got, want, err)
			}
			payload := b[len(before)+n:]
			if masked {
				Mask(payload, got.MaskKey, 0)
			}
			if string(b[:len(before)]) != before || string(payload) != s.payload {
				t.Errorf("%v: other bytes", s.op)
			}
		}
		if one != two {
			t.Errorf("%+v, want %+v", one, two)
		}
	}
}

func TestEncoderIdle(t *testing.T) {
	for _, tt := range []struct {
		name   string
		frames []sending
		want   bool
	}{
		{"5/nothing_yet", nil, true},
		{"5/whole_message", []sending{{true, Text, "hi"}}, true},
		{"5.4/first_fragment", []sending{{false, Text, "hi"}}, false},
		{"5.4/first_fragment_and_ping", []sending{{false, Text, "hi"}, {true, Ping, ""}}, false},
		{"5.4/further_fragment", []sending{{false, Binary, ""}, {false, Continuation, ""}}, false},
		{"5.4/last_fragment", []sending{{false, Binary, ""}, {true, Continuation, ""}}, true},
		{"5.5/ping", []sending{{true, Ping, ""}}, true},
		{"5.5.1/close", []sending{{true, Close, ""}}, false},
		{"8.1/refused_text", []sending{{true, Text, "\xFF"}}, true},
		{"8.1/refused_fragment", []sending{{false, Text, "\xFF"}}, true},
		{"7.4/refused_close", []sending{{true, Close, "\x03\xED"}}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var e Encoder
			for _, s := range tt.frames {
				e.Next(s.fin, s.op, []byte(s.payload))
			}
			if got := e.Idle(); got != tt.want {
				t.Errorf("Idle() = %t, want %t", got, tt.want)
			}
		})
	}
}

// TestEncoderNextHeader sends frames of which the Encoder sees the headers alone. They
// keep the order of those that it sees whole, and their text may be anything.
func TestEncoderNextHeader(t *testing.T) {
	e := Encoder{MaxPayloadLen: 5}
	for _, tt := range []struct {
		name string
		h    Header
		want error
	}{
		{"5.4/nothing_to_continue", Header{Fin: true, Opcode: Continuation}, ErrSendFrame},
		{"5.5/control", Header{Fin: true, Opcode: Ping}, ErrSendFrame},
		{"5.2/reserved", Header{Fin: true, Opcode: 3}, ErrSendFrame},
		{"10.4/too_long", Header{Fin: true, Opcode: Text, Length: 6}, ErrSendTooLong},
		{"7692/first", Header{RSV1: true, Opcode: Text, Length: 5}, nil},
		{"5.4/new_message", Header{Fin: true, Opcode: Binary}, ErrSendFrame},
		{"7692/not_first", Header{Fin: true, RSV1: true, Opcode: Continuation}, ErrSendFrame},
		{"7692/last", Header{Fin: true, Opcode: Continuation, Length: 1}, nil},
		{"5.6/whole", Header{Fin: true, Opcode: Text, Length: 1}, nil},
	} {
		if got, err := e.NextHeader(tt.h); !errors.Is(err, tt.want) || err == nil && got != tt.h {
			t.Errorf("%s: %+v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
	e.NextHeader(Header{Opcode: Text})
	if _, err := e.Next(true, Continuation, []byte("\xFF")); err != nil {
		t.Errorf("a further fragment: %v", err)
	}
	if _, err := e.Next(true, Text, []byte("\xFF")); err != ErrSendText {
		t.Errorf("the next message: %v, want %v", err, ErrSendText)
	}
	e.Next(false, Text, []byte("\xC3")) // half a character, the rest of which is not seen
	e.NextHeader(Header{Opcode: Continuation, Length: 1})
	if _, err := e.Next(true, Continuation, []byte("a")); err != nil {
		t.Errorf("behind a fragment that was not seen: %v", err)
	}
	e.Next(true, Close, nil)
	if _, err := e.NextHeader(Header{Fin: true, Opcode: Text}); err != ErrSendClosed {
		t.Errorf("after a Close frame: %v, want %v", err, ErrSendClosed)
	}
	masked := Encoder{Masked: true}
	a, _ := masked.NextHeader(Header{Fin: true, Opcode: Text, MaskKey: [4]byte{1}})
	b, _ := masked.NextHeader(Header{Fin: true, Opcode: Text, MaskKey: [4]byte{1}})
	if !a.Masked || !b.Masked || a.MaskKey == b.MaskKey {
		t.Errorf("masked with %x, then %x", a.MaskKey, b.MaskKey)
	}
	var server Encoder
	got, err := server.NextHeader(Header{Fin: true, RSV2: true, RSV3: true, Opcode: Text, Masked: true, MaskKey: testKey, Length: 5})
	if want := (Header{Fin: true, Opcode: Text, Length: 5}); got != want || err != nil {
		t.Errorf("of a server: %+v, %v, want %+v", got, err, want)
	}
}

// TestEncoderVectors sends the frames that a vector says are valid.
func TestEncoderVectors(t *testing.T) {
	eachVector(t, func(t *testing.T, v wiretest.Vector) {
		e := Encoder{Masked: receiver(v) == Server, MaxPayloadLen: -1}
		for i, f := range v.Frames {
			if f.RSV1 {
				return // the Encoder does not set RSV1
			}
			h, err := e.Next(f.Fin, Opcode(f.Opcode), f.Payload)
			if err != nil {
				t.Fatalf("frame %d: %v", i, err)
			}
			if wrong := diff(Frame{Header: h, Payload: f.Payload}, v, i); wrong != "" {
				t.Fatal(wrong)
			}
		}
	})
}

// TestEncoderToDecoder tests that the Decoder of the other side accepts the frames
// that an Encoder allows.
func TestEncoderToDecoder(t *testing.T) {
	frames := []sending{
		{true, Text, "z\u00df\u6c34\U0001f30a"}, {false, Text, "\xF0\x9F"}, {true, Ping, "\xFF"}, {false, Continuation, "\x8C"},
		{true, Pong, ""}, {true, Continuation, "\x8A"}, {false, Binary, "\xFF"}, {true, Continuation, ""},
		{true, Binary, strings.Repeat("b", 65535)}, {true, Close, "\x0B\xB8bye"},
	}
	for _, from := range []Role{Server, Client} {
		to := Server + Client - from
		t.Run("5/"+from.String()+"_to_"+to.String(), func(t *testing.T) {
			e := Encoder{Masked: from == Client}
			var wire []byte
			for _, s := range frames {
				h, err := e.Next(s.fin, s.op, []byte(s.payload))
				if err != nil {
					t.Fatalf("%+v: %v", s, err)
				}
				wire = AppendFrame(wire, h, []byte(s.payload))
			}
			d := Decoder{Role: to}
			for _, s := range frames {
				f, n, err := d.Decode(wire)
				if err != nil || f.Fin != s.fin || f.Opcode != s.op || string(f.Payload) != s.payload {
					t.Fatalf("%+v, %v, want %+v", f.Header, err, s)
				}
				wire = wire[n:]
			}
			if _, _, err := d.Decode(nil); err != io.EOF {
				t.Errorf("after the Close frame: %v, want %v", err, io.EOF)
			}
		})
	}
}
