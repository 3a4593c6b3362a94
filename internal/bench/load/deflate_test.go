package load

import (
	"bytes"
	"compress/flate"
	"strings"
	"testing"
)

func TestDeflateCheck(t *testing.T) {
	const (
		agreed  = "\r\nSec-WebSocket-Extensions: permessage-deflate"
		neither = agreed + "; server_no_context_takeover; client_no_context_takeover"
	)
	for _, tt := range []struct {
		d    Deflate
		head string
		ok   bool
	}{
		{Plain, "", true},
		{Plain, agreed, false},
		{NoTakeover, neither, true},
		{NoTakeover, agreed, false},
		{NoTakeover, agreed + "; server_no_context_takeover", false},
		{NoTakeover, "", false},
		{Takeover, agreed, true},
		{Takeover, neither, false},
		{Takeover, agreed + "; server_max_window_bits=12", false},
		{Takeover, "", false},
	} {
		if err := tt.d.check(tt.head); (err == nil) != tt.ok {
			t.Errorf("%q, %q: %v", tt.d, tt.head, err)
		}
	}
}

// TestRepliesInflated has a server with and one without context takeover, and cuts everywhere.
func TestRepliesInflated(t *testing.T) {
	want := [][]byte{JSON.bytes(3000, 1), JSON.bytes(3000, 2)}
	for _, takeover := range []bool{false, true} {
		var wire, out []byte
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, 1)
		for _, message := range want {
			if !takeover {
				w.Reset(&b)
			}
			w.Write(message)
			w.Flush()
			out = bytes.TrimSuffix(b.Bytes(), []byte(tail))
			wire = appendFragments(wire, out)
			b.Reset()
		}
		for cut := 0; cut <= len(wire); cut += 7 {
			r := replies{size: 3000, want: want, inflater: &inflater{takeover: takeover}}
			first, err1 := r.feed(wire[:cut])
			second, err2 := r.feed(wire[cut:])
			if first+second != 2 || err1 != nil || err2 != nil {
				t.Fatalf("takeover %t, cut at %d: %d and %d messages, %v, %v", takeover, cut, first, second, err1, err2)
			}
		}
	}
}

const rsv1Text = 0x41 // the start of a compressed message

// appendFragments appends a compressed message in three frames, the last of which is empty.
func appendFragments(dst, payload []byte) []byte {
	const notFinal = 0x80 // which appendReply sets
	for i, part := range [][]byte{payload[:10], payload[10:], nil} {
		start, opcode := len(dst), byte(0)
		if i == 0 {
			opcode = rsv1Text
		}
		dst = appendReply(dst, opcode, part)
		if i < 2 {
			dst[start] ^= notFinal
		}
	}
	return dst
}

func TestRepliesInflatedRefuse(t *testing.T) {
	message := JSON.bytes(1000, 1)
	for _, tt := range []struct {
		name string
		wire []byte
		err  string
	}{
		{"not compressed", appendReply(nil, 1, message), "RSV1:false"},
		{"not shorter", appendReply(nil, rsv1Text, message), "Length:1000"},
		{"another message", appendReply(nil, rsv1Text, compress(JSON.bytes(1000, 2))), "differs"},
		{"corrupt", appendReply(nil, rsv1Text, []byte("\xff\xff")), "corrupt"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := replies{size: 1000, want: [][]byte{message}, inflater: new(inflater)}
			if _, err := r.feed(tt.wire); err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got %v, want %q", err, tt.err)
			}
		})
	}
}
