package frame

import (
	"bytes"
	"io"
	"math"
	"testing"

	"resty.websocket/internal/wiretest"
)

// TestHeaderVectors parses every header of every vector, whole and cut short,
// and encodes it again.
func TestHeaderVectors(t *testing.T) {
	eachVector(t, func(t *testing.T, v wiretest.Vector) {
		rest := v.Bytes
		for i := range v.Frames {
			h, n, err := ParseHeader(rest)
			if err != nil || h.Opcode != Opcode(v.Frames[i].Opcode) || h.Fin != v.Frames[i].Fin ||
				h.Length != int64(len(v.Frames[i].Payload)) {
				t.Fatalf("frame %d: ParseHeader = %+v, %v", i, h, err)
			}
			if n != h.Len() {
				t.Fatalf("frame %d: n = %d, Len() = %d", i, n, h.Len())
			}
			for cut := range n {
				if short, n, err := ParseHeader(rest[:cut]); n != 0 || err != io.ErrUnexpectedEOF || short != (Header{}) {
					t.Fatalf("frame %d cut at %d: %+v, %d, %v", i, cut, short, n, err)
				}
			}
			if got := AppendHeader(nil, h); !bytes.Equal(got, rest[:n]) {
				t.Fatalf("frame %d: AppendHeader = % x, want % x", i, got, rest[:n])
			}
			rest = rest[n+len(v.Frames[i].Payload):]
		}
	})
}

func TestHeader(t *testing.T) {
	for _, tt := range []struct {
		name string
		h    Header
		wire string
	}{
		{"5.2/nothing_set", Header{}, "\x00\x00"},
		{"5.2/fin", Header{Fin: true, Opcode: Text}, "\x81\x00"},
		{"5.2/rsv1", Header{RSV1: true}, "\x40\x00"},
		{"5.2/rsv2", Header{RSV2: true}, "\x20\x00"},
		{"5.2/rsv3", Header{RSV3: true}, "\x10\x00"},
		{"5.2/reserved_opcode", Header{Opcode: 0xF}, "\x0F\x00"},
		{"5.2/length_125", Header{Length: 125}, "\x00\x7D"},
		{"5.2/length_126", Header{Length: 126}, "\x00\x7E\x00\x7E"},
		{"5.2/length_65535", Header{Length: 65535}, "\x00\x7E\xFF\xFF"},
		{"5.2/length_65536", Header{Length: 65536}, "\x00\x7F\x00\x00\x00\x00\x00\x01\x00\x00"},
		{"5.2/length_2^31-1", Header{Length: math.MaxInt32}, "\x00\x7F\x00\x00\x00\x00\x7F\xFF\xFF\xFF"},
		{"5.2/length_2^32", Header{Length: 1 << 32}, "\x00\x7F\x00\x00\x00\x01\x00\x00\x00\x00"},
		{"5.2/length_2^63-1", Header{Length: math.MaxInt64}, "\x00\x7F\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"},
		{"5.3/key", Header{Masked: true, MaskKey: [4]byte{1, 2, 3, 4}, Length: 5}, "\x00\x85\x01\x02\x03\x04"},
		{"5.3/key_after_16_bits", Header{Masked: true, MaskKey: [4]byte{1, 2, 3, 4}, Length: 256}, "\x00\xFE\x01\x00\x01\x02\x03\x04"},
		{"5.3/longest", Header{Fin: true, Opcode: Binary, Masked: true, MaskKey: [4]byte{1, 2, 3, 4}, Length: 1 << 62},
			"\x82\xFF\x40\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := AppendHeader([]byte("before"), tt.h); string(got) != "before"+tt.wire {
				t.Errorf("AppendHeader = %q, want %q behind what was there", got, tt.wire)
			}
			if got := tt.h.Len(); got != len(tt.wire) {
				t.Errorf("Len() = %d, want %d", got, len(tt.wire))
			}
			h, n, err := ParseHeader([]byte(tt.wire + "payload"))
			if h != tt.h || n != len(tt.wire) || err != nil {
				t.Errorf("ParseHeader = %+v, %d, %v, want %+v", h, n, err, tt.h)
			}
		})
	}
}

func TestAppendHeaderIgnores(t *testing.T) {
	got := AppendHeader(nil, Header{Opcode: 0xF2, MaskKey: [4]byte{1, 2, 3, 4}})
	if want := []byte{0x02, 0x00}; !bytes.Equal(got, want) {
		t.Errorf("an opcode of eight bits, and a key without Masked: % x, want % x", got, want)
	}
}

func TestAppendHeaderPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a negative length: no panic")
		}
	}()
	AppendHeader(nil, Header{Length: -1})
}

// TestHeaderParseAgain parses each header over one with other values in all fields, of which
// none may stay.
func TestHeaderParseAgain(t *testing.T) {
	for _, want := range []Header{
		{},
		{Fin: true, Opcode: Text, Length: 126},
		{RSV1: true, Opcode: Binary, Masked: true, MaskKey: testKey, Length: 65536},
	} {
		h := Header{!want.Fin, !want.RSV1, true, true, 0xF, !want.Masked, [4]byte{1, 2, 3, 4}, 1}
		if n, err := h.parse(AppendHeader(nil, want)); h != want || n != want.Len() || err != nil {
			t.Errorf("%+v, %d, %v, want %+v", h, n, err, want)
		}
	}
}
