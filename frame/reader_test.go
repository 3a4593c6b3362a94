package frame

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"runtime"
	"testing"
	"testing/iotest"

	"resty.websocket/internal/wiretest"
)

func newVectorReader(r io.Reader, v wiretest.Vector) *Reader {
	fr := NewReader(r, receiver(v), v.MaxPayloadLen)
	fr.decoder.RSV1 = v.RSV1
	return fr
}

// readAll reads all of v from r, compares it, and returns the number of timeouts.
// It scribbles on each payload once it has compared it, because the payload
// belongs to the caller until the next call.
func readAll(t *testing.T, r *Reader, v wiretest.Vector) (timeouts int) {
	for i := 0; ; {
		f, err := r.ReadFrame()
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			timeouts++
		case err != nil:
			if wrong := diffEnd(err, i, v); wrong != "" {
				t.Fatal(wrong)
			}
			if _, again := r.ReadFrame(); again != err {
				t.Fatalf("the next call: %v, want %v", again, err)
			}
			return timeouts
		default:
			if wrong := diff(f, v, i); wrong != "" {
				t.Fatal(wrong)
			}
			wiretest.Scribble(f.Payload[:cap(f.Payload)])
			i++
		}
	}
}

func TestReaderVectors(t *testing.T) {
	readers := []struct {
		name string
		wrap func(io.Reader) io.Reader
	}{
		{"whole", func(r io.Reader) io.Reader { return r }},
		{"one_byte", iotest.OneByteReader},
		{"half", iotest.HalfReader},
		{"data_and_error", iotest.DataErrReader},
		{"one_byte_data_and_error", func(r io.Reader) io.Reader { return iotest.DataErrReader(iotest.OneByteReader(r)) }},
		{"scribbling", wiretest.Scribbling},
	}
	eachVector(t, func(t *testing.T, v wiretest.Vector) {
		for _, tt := range readers {
			t.Run(tt.name, func(t *testing.T) {
				readAll(t, newVectorReader(tt.wrap(bytes.NewReader(v.Bytes)), v), v)
			})
		}
		t.Run("cut", func(t *testing.T) {
			for _, cut := range wiretest.Cuts(len(v.Bytes)) {
				readAll(t, newVectorReader(wiretest.Pieces(v.Bytes, cut), v), v)
			}
		})
		t.Run("timeouts", func(t *testing.T) {
			r := wiretest.Interrupted(bytes.NewReader(v.Bytes), os.ErrDeadlineExceeded)
			// A Reader does not read after a Close frame.
			closed := len(v.Frames) > 0 && v.Frames[len(v.Frames)-1].Opcode == uint8(Close)
			if n := readAll(t, newVectorReader(r, v), v); n < len(v.Bytes) && !closed {
				t.Fatalf("%d timeouts in %d bytes", n, len(v.Bytes))
			}
		})
	})
}

// TestReaderDataWithTimeout has a Read return bytes and an error at once. The
// frames in the bytes must come first.
func TestReaderDataWithTimeout(t *testing.T) {
	a, b := wiretest.Pipe()
	a.Write([]byte("\x81\x02hi\x81\x02yo"))
	b.ScriptReads(wiretest.Step{N: 6, Err: os.ErrDeadlineExceeded})
	r := NewReader(b, Client, 0)
	if f, err := r.ReadFrame(); err != nil || string(f.Payload) != "hi" {
		t.Fatalf("%q, %v", f.Payload, err)
	}
	if _, err := r.ReadFrame(); err != os.ErrDeadlineExceeded {
		t.Fatalf("%v, want the error that came with the bytes", err)
	}
	if f, err := r.ReadFrame(); err != nil || string(f.Payload) != "yo" {
		t.Fatalf("%q, %v", f.Payload, err)
	}
}

func TestReaderPassesErrors(t *testing.T) {
	oops := errors.New("oops")
	for _, wire := range []string{"", "\x81", "\x81\x02h"} {
		r := NewReader(io.MultiReader(bytes.NewReader([]byte(wire)), iotest.ErrReader(oops)), Client, 0)
		if _, err := r.ReadFrame(); err != oops {
			t.Errorf("after %q: %v, want the error of the io.Reader", wire, err)
		}
	}
}

// idle is an io.Reader that never returns anything.
type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestReaderNoProgress(t *testing.T) {
	if _, err := NewReader(idle{}, Client, 0).ReadFrame(); err != io.ErrNoProgress {
		t.Errorf("%v, want %v", err, io.ErrNoProgress)
	}
}

// TestReaderDeclaredLength tests that a frame that declares a large length and
// sends few bytes allocates little.
func TestReaderDeclaredLength(t *testing.T) {
	for _, tt := range []struct {
		name     string
		declared int64
	}{
		{"10.4/60000", 60000},
		{"10.4/1_TiB", min(1<<40, math.MaxInt/2)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wire := AppendHeader(nil, Header{Fin: true, Opcode: Binary, Masked: true, Length: tt.declared})
			wire = append(wire, "and then silence"...)
			const readers = 100
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for range readers {
				r := NewReader(bytes.NewReader(wire), Server, -1)
				if _, err := r.ReadFrame(); err != io.ErrUnexpectedEOF {
					t.Fatal(err)
				}
			}
			runtime.ReadMemStats(&after)
			if each := (after.TotalAlloc - before.TotalAlloc) / readers; each > 8<<10 {
				t.Errorf("%d bytes for each Reader", each)
			}
		})
	}
}

// TestReaderBuffer tests that the buffer is not longer than twice the bytes that
// have arrived and the room for a Read.
func TestReaderBuffer(t *testing.T) {
	wire := AppendHeader(nil, Header{Fin: true, Opcode: Binary, Length: 1 << 30})
	wire = append(wire, make([]byte, 100_000)...)
	r := NewReader(iotest.OneByteReader(bytes.NewReader(wire)), Client, -1)
	if _, err := r.ReadFrame(); err != io.ErrUnexpectedEOF {
		t.Fatal(err)
	}
	if len(r.buf) > 2*(len(wire)+minReadLen) {
		t.Errorf("%d bytes for the %d that arrived", len(r.buf), len(wire))
	}
}

// TestReaderGrows tests that a new buffer is never smaller than the old one, even
// if twice the length does not fit in an int. If int has 32 bits, that is so from
// 1 GiB on.
func TestReaderGrows(t *testing.T) {
	for _, n := range []int{0, 1, 4095, 4096, 1 << 29, 1 << 30, math.MaxInt / 2, math.MaxInt/2 + 1, math.MaxInt - 1} {
		if got := grownLen(n); got <= n || got < 4096 {
			t.Errorf("grownLen(%d) = %d", n, got)
		}
	}
}
