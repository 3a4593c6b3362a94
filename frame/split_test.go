package frame

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"resty.websocket/internal/wiretest"
)

// TestSplit decodes each vector in pieces of each size and splits each frame wherever a
// piece ends. The parts are the frames as they were cut by an intermediary: put together
// they are the vector's.
func TestSplit(t *testing.T) {
	eachVector(t, func(t *testing.T, v wiretest.Vector) {
		if len(v.Bytes) > 1<<17 {
			return
		}
		for _, size := range []int{1, 2, 3, 5, 16, 1000, 1 << 17} {
			if len(v.Bytes)/size > 1000 {
				continue
			}
			d := Decoder{Role: receiver(v), RSV1: v.RSV1, MaxPayloadLen: v.MaxPayloadLen}
			j := joiner{t: t, v: v}
			if err := splitAll(&d, bytes.Clone(v.Bytes), size, j.part); v.Err != nil {
				if want := (&ProtocolError{Code: StatusCode(v.Err.Code), Reason: v.Err.Reason}); !errors.Is(err, want) {
					t.Fatalf("pieces of %d: %v, want %v", size, err, want)
				}
			}
			if v.Err == nil && !v.Incomplete && j.frames != len(v.Frames) {
				t.Fatalf("pieces of %d: %d frames, want %d", size, j.frames, len(v.Frames))
			}
		}
	})
}

// splitAll decodes stream in pieces of size bytes, and calls fn for each frame and each
// part. All that it has passed to fn is overwritten.
func splitAll(d *Decoder, stream []byte, size int, fn func(f Frame, whole bool)) error {
	for have, start := 0, 0; ; {
		window := stream[start:have]
		f, n, err := d.Decode(window)
		if err == nil {
			fn(*f, true)
		} else if err != io.ErrUnexpectedEOF {
			return err
		} else if part, m, ok := d.Split(window); ok {
			fn(part, false)
			n = m
		} else if have == len(stream) {
			return nil
		}
		clear(stream[start : start+n])
		start += n
		if n == 0 {
			have = min(have+size, len(stream))
		}
	}
}

// A joiner puts the parts of frames together.
type joiner struct {
	t       *testing.T
	v       wiretest.Vector
	first   Header // of the frame whose parts come
	payload []byte // so far
	parts   int
	frames  int
}

func (j *joiner) part(f Frame, whole bool) {
	j.t.Helper()
	if int64(len(f.Payload)) != f.Length {
		j.t.Fatalf("a payload of %d bytes, the header tells %d", len(f.Payload), f.Length)
	}
	if j.parts == 0 {
		j.first = f.Header
	} else if f.Opcode != Continuation || f.RSV1 {
		j.t.Fatalf("part %d: %+v", j.parts, f.Header)
	}
	j.payload = append(j.payload, f.Payload...)
	j.parts++
	if !whole {
		if f.Fin {
			j.t.Fatalf("part %d: %+v", j.parts, f.Header)
		}
		return
	}
	all := Frame{Header: j.first, Payload: j.payload}
	all.Fin, all.Length = f.Fin, int64(len(j.payload))
	if d := diff(all, j.v, j.frames); d != "" {
		j.t.Fatal(d)
	}
	j.payload, j.parts = nil, 0
	j.frames++
}

// TestSplitRefuses calls Split where there is no part to return.
func TestSplitRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		window string
		ok     bool
	}{
		{"5.2/nothing", "", false},
		{"5.2/half_a_header", "\x82", false},
		{"5.2/header", "\x82\x02", true},
		{"5.2/header_and_a_byte", "\x82\x02h", true},
		{"5.5/ping", "\x89\x02h", false},
		{"5.5.1/close", "\x88\x02\x03", false},
		{"5.1/error", "\x82\x82abcdh", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := Decoder{Role: Client}
			d.Decode([]byte(tt.window))
			f, n, ok := d.Split([]byte(tt.window))
			if ok != tt.ok || ok && n != len(tt.window) || !ok && n != 0 {
				t.Fatalf("Split = %+v, %d, %t, want %t", f, n, ok, tt.ok)
			}
			if !ok {
				return
			}
			if d.Idle() || d.FrameLen() != 2-f.Length {
				t.Errorf("Idle() = %t, FrameLen() = %d after %d bytes", d.Idle(), d.FrameLen(), f.Length)
			}
			if _, _, again := d.Split(nil); again {
				t.Error("Split again returns a part")
			}
			d.Decode([]byte("xx")[f.Length:])
			if !d.Idle() {
				t.Error("not idle after the rest")
			}
		})
	}
}

// TestAnyFragments decodes a message of more fragments than the limit.
func TestAnyFragments(t *testing.T) {
	for _, lifted := range []bool{false, true} {
		d := Decoder{Role: Client, AnyFragments: lifted}
		_, _, err := d.Decode([]byte{0x02, 0})
		for i := 0; i < maxFragments && err == nil; i++ {
			_, _, err = d.Decode([]byte{0x00, 0})
		}
		if lifted && err != nil || !lifted && !errors.Is(err, ErrTooManyFragments) {
			t.Errorf("AnyFragments %t: %v", lifted, err)
		}
	}
}

// TestSplitHasFrame has the other part of a frame arrive byte by byte. It is no header,
// although it looks like one.
func TestSplitHasFrame(t *testing.T) {
	d := Decoder{Role: Client}
	part := []byte("\x82\x04\x82")
	if _, _, err := d.Decode(part); err != io.ErrUnexpectedEOF {
		t.Fatal(err)
	}
	if _, _, ok := d.Split(part); !ok {
		t.Fatal("Split: false")
	}
	const rest = "\x82\x00\x82\x7F"
	for n := range len(rest) {
		if got, want := d.HasFrame([]byte(rest[:n])), n >= 3; got != want {
			t.Errorf("%d bytes of the other part: %t, want %t", n, got, want)
		}
	}
	if f, n, err := d.Decode([]byte(rest)); err != nil || n != 3 || string(f.Payload) != rest[:3] {
		t.Errorf("Decode = %+v, %d, %v", f, n, err)
	}
	if d.HasFrame([]byte(rest[3:])) {
		t.Error("half a header behind it is a frame")
	}
}
