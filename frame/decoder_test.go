package frame

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"
	"testing"

	"resty.websocket/internal/wiretest"
)

func newVectorDecoder(v wiretest.Vector) *Decoder {
	return &Decoder{Role: receiver(v), MaxPayloadLen: v.MaxPayloadLen, RSV1: v.RSV1}
}

// feed decodes stream[pos:end] with d and compares the frames with those of v
// from the i-th on. It returns the new pos, the number of frames so far, and the
// error of the last call to Decode.
func feed(t *testing.T, d *Decoder, stream []byte, pos, end, i int, v wiretest.Vector) (int, int, error) {
	for {
		f, n, err := d.Decode(stream[pos:end])
		if err != nil {
			if n != 0 || f != nil {
				t.Fatalf("Decode = %+v, %d with %v", f, n, err)
			}
			return pos, i, err
		}
		if wrong := diff(*f, v, i); wrong != "" {
			t.Fatal(wrong)
		}
		wiretest.Scribble(stream[pos : pos+n]) // Decode needs these bytes no more
		pos, i = pos+n, i+1
	}
}

// feedCut decodes v in pieces that end at each of cuts, in memory that moves from
// call to call, and checks the frames and the error.
func feedCut(t *testing.T, v wiretest.Vector, cuts ...int) {
	t.Helper()
	d := newVectorDecoder(v)
	stream := bytes.Clone(v.Bytes)
	pos, i, err := 0, 0, error(nil)
	for _, cut := range append(cuts, len(stream)) {
		pos, i, err = feed(t, d, stream, pos, cut, i, v)
		moved := bytes.Clone(stream)
		copy(moved[cut:], v.Bytes[cut:])
		wiretest.Scribble(stream)
		stream = moved
		if err != io.ErrUnexpectedEOF {
			break
		}
	}
	if err == io.ErrUnexpectedEOF && pos == len(stream) {
		err = io.EOF // as a Reader returns it between two frames
	}
	if wrong := diffEnd(err, i, v); wrong != "" {
		t.Fatalf("cut at %d: %s", cuts, wrong)
	}
}

func TestDecoderVectors(t *testing.T) {
	eachVector(t, func(t *testing.T, v wiretest.Vector) {
		for _, cut := range wiretest.Cuts(len(v.Bytes)) {
			feedCut(t, v, cut)
		}
	})
}

// TestDecoderNotTooEarly tests that an error comes with the last byte of its
// vector and not before, and that all further calls return it.
func TestDecoderNotTooEarly(t *testing.T) {
	eachVector(t, func(t *testing.T, v wiretest.Vector) {
		if v.Err == nil {
			return
		}
		d := newVectorDecoder(v)
		stream := bytes.Clone(v.Bytes)
		last := len(stream) - 1
		pos, i, err := feed(t, d, stream, 0, last, 0, v)
		if err != io.ErrUnexpectedEOF {
			t.Fatalf("one byte before the last: %v", err)
		}
		pos, i, err = feed(t, d, stream, pos, len(stream), i, v)
		if wrong := diffEnd(err, i, v); wrong != "" {
			t.Fatal(wrong)
		}
		for _, window := range [][]byte{stream[pos:], nil, {0x81, 0x00}, {0x81, 0x80, 0, 0, 0, 0}} {
			if f, n, again := d.Decode(window); again != err || n != 0 || f != nil {
				t.Fatalf("the next call: %+v, %d, %v, want %v", f, n, again, err)
			}
		}
	})
}

func TestDecoderFrameLen(t *testing.T) {
	var d Decoder
	window := []byte{0x82, 0xFE, 0x01, 0x00, 1, 2, 3, 4}
	for _, tt := range []struct {
		end  int
		want int64
	}{{0, 0}, {1, 0}, {7, 0}, {8, 264}} {
		d.Decode(window[:tt.end])
		if got := d.FrameLen(); got != tt.want {
			t.Errorf("after %d bytes: FrameLen() = %d, want %d", tt.end, got, tt.want)
		}
	}
	if _, n, err := d.Decode(append(window, make([]byte, 300)...)); n != 264 || err != nil {
		t.Errorf("Decode = %d, %v", n, err)
	}
	if got := d.FrameLen(); got != 0 {
		t.Errorf("after the frame: FrameLen() = %d, want 0", got)
	}
}

// TestDecoderHasFrame has the window grow byte by byte, through the header, the payload and
// what comes behind, for a Decoder that has seen what came before or nothing.
func TestDecoderHasFrame(t *testing.T) {
	header := Header{Fin: true, Opcode: Binary, Masked: true, MaskKey: testKey}
	stream := AppendFrame(nil, header, make([]byte, 130))
	whole := len(stream)
	stream = AppendFrame(stream, header, nil)
	var seen Decoder
	for n := range len(stream) {
		want := n >= whole
		if got := new(Decoder).HasFrame(stream[:n]); got != want {
			t.Errorf("%d bytes: %t, want %t", n, got, want)
		}
		if got := seen.HasFrame(stream[:n]); got != want {
			t.Errorf("%d bytes, some of which were decoded: %t, want %t", n, got, want)
		}
		if n < whole {
			seen.Decode(stream[:n])
		}
	}
	if new(Decoder).HasFrame([]byte("\x82\xFE\x00\x05")) {
		t.Error("a length that is not in its shortest form is the beginning of a frame")
	}
}

// TestDecoderFrameLenOfTheLongest tests that the length of the longest frame that
// a Decoder accepts, header included, fits in an int.
func TestDecoderFrameLenOfTheLongest(t *testing.T) {
	d := Decoder{Role: Client, MaxPayloadLen: -1}
	longest := Header{Fin: true, Opcode: Binary, Length: payloadLimit(-1)}
	if _, _, err := d.Decode(AppendHeader(nil, longest)); err != io.ErrUnexpectedEOF {
		t.Fatalf("the longest: %v", err)
	}
	if got := d.FrameLen(); got <= longest.Length || got > math.MaxInt {
		t.Errorf("FrameLen() = %d for a payload of %d", got, longest.Length)
	}
	d = Decoder{Role: Client, MaxPayloadLen: -1}
	longest.Length++
	if _, _, err := d.Decode(AppendHeader(nil, longest)); !errors.Is(err, ErrPayloadTooLong) {
		t.Errorf("one more: %v, want %v", err, ErrPayloadTooLong)
	}
}

// TestDecoderCountsFragmentsOnly decodes a message after as many control frames
// as a message may have fragments. A vector has them inside a message.
func TestDecoderCountsFragmentsOnly(t *testing.T) {
	d := Decoder{Role: Client}
	for range maxFragments {
		if _, _, err := d.Decode([]byte{0x89, 0x00}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := d.Decode([]byte{0x81, 0x00}); err != nil {
		t.Errorf("a text after %d pings: %v", maxFragments, err)
	}
}

// TestDecoderPayloadEnds tests that appending to a payload does not overwrite the
// bytes after it.
func TestDecoderPayloadEnds(t *testing.T) {
	d := Decoder{Role: Client}
	window := []byte("\x81\x02hi\x81\x02yo")
	f, n, err := d.Decode(window)
	if err != nil || cap(f.Payload) != 2 {
		t.Fatalf("payload %q of capacity %d, %v", f.Payload, cap(f.Payload), err)
	}
	_ = append(f.Payload, "garbage"...)
	if f, _, err := d.Decode(window[n:]); err != nil || string(f.Payload) != "yo" {
		t.Errorf("the next frame: %q, %v", f.Payload, err)
	}
}

func TestDecoderIdle(t *testing.T) {
	for _, tt := range []struct {
		name   string
		stream string
		want   bool
	}{
		{"5/nothing_yet", "", true},
		{"5/whole_message", "\x81\x02hi", true},
		{"5/part_of_a_header", "\x82", true},
		{"5/header", "\x82\x02", false},
		{"5/part_of_a_payload", "\x82\x02h", false},
		{"5/message_and_part_of_the_next", "\x81\x02hi\x81\x02y", false},
		{"5.4/first_fragment", "\x01\x02hi", false},
		{"5.4/first_fragment_and_ping", "\x01\x02hi\x89\x00", false},
		{"5.4/further_fragment", "\x02\x00\x00\x00", false},
		{"5.4/last_fragment", "\x02\x00\x00\x00\x80\x00", true},
		{"5.5/ping", "\x89\x00", true},
		{"5.5/part_of_a_ping", "\x89\x01", false},
		{"5.5.1/part_of_a_close", "\x88\x02\x03", false},
		{"5.5.1/close", "\x88\x00", false},
		{"5.1/error", "\x81\x80\x01\x02\x03\x04", false},
		{"8.1/error_in_a_payload", "\x81\x01\xFF", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := Decoder{Role: Client}
			window, err := []byte(tt.stream), error(nil)
			for n := 0; err == nil; window = window[n:] {
				_, n, err = d.Decode(window)
			}
			if got := d.Idle(); got != tt.want {
				t.Errorf("after % x: Idle() = %t, want %t", tt.stream, got, tt.want)
			}
		})
	}
}

// TestDecoderHoldsNothing tests that a Decoder between two frames is small and
// refers to nothing.
func TestDecoderHoldsNothing(t *testing.T) {
	if size := reflect.TypeFor[Decoder]().Size(); size > 32 {
		t.Errorf("a Decoder has %d bytes", size)
	}
	if size := reflect.TypeFor[Encoder]().Size(); size > 16 {
		t.Errorf("an Encoder has %d bytes", size)
	}
	d := Decoder{Role: Client}
	for _, window := range []string{"\x82\x02hi", "\x01\x02hi", "\x80\x00"} {
		f, n, err := d.Decode([]byte(window))
		if err != nil || n != len(window) {
			t.Fatalf("Decode = %+v, %d, %v", f, n, err)
		}
		if _, _, err := d.Decode(nil); err != io.ErrUnexpectedEOF || d.current != nil {
			t.Errorf("after % x: %v, and %+v is held", window, err, d.current)
		}
		if _, _, err := d.Decode([]byte("\x82\x7F\x00")); err != io.ErrUnexpectedEOF || d.current != nil {
			t.Errorf("inside the header after % x: %v, and %+v is held", window, err, d.current)
		}
	}
	if _, _, err := d.Decode([]byte("\x82\x82")); err != io.ErrUnexpectedEOF || d.current != nil {
		t.Errorf("inside a masked header: %v, and %+v is held", err, d.current)
	}
}

// TestDecoderLetsGoOfPayload has a frame begin right behind another one, and not end for
// a while. The memory of the first is not kept meanwhile.
func TestDecoderLetsGoOfPayload(t *testing.T) {
	d := Decoder{Role: Client}
	window := []byte("\x82\x02hi\x82\x02y")
	if _, n, err := d.Decode(window); n != 4 || err != nil {
		t.Fatalf("Decode = %d, %v", n, err)
	}
	if _, _, err := d.Decode(window[4:]); err != io.ErrUnexpectedEOF {
		t.Fatalf("Decode: %v, want %v", err, io.ErrUnexpectedEOF)
	}
	if p := d.current.frame.Payload; p != nil {
		t.Errorf("the payload %q is kept", p)
	}
}
