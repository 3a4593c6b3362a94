package frame

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"unicode/utf8"

	"resty.websocket/internal/wiretest"
)

// smallVectors returns the vectors that are short enough to be seeds.
func smallVectors(f *testing.F) []wiretest.Vector {
	return slices.DeleteFunc(slices.Clone(vectors(f)), func(v wiretest.Vector) bool { return len(v.Bytes) > 1000 })
}

// FuzzParseHeader: a header is encoded to the same bytes again. An input that is
// no header gives one of three errors. The beginning of a header is incomplete,
// and no error.
func FuzzParseHeader(f *testing.F) {
	for _, v := range smallVectors(f) {
		f.Add(v.Bytes)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		h, n, err := ParseHeader(b)
		switch err {
		case nil:
			if n != h.Len() || n > maxHeaderLen || h.Length < 0 {
				t.Fatalf("%+v, %d", h, n)
			}
			if again := AppendHeader(nil, h); !bytes.Equal(again, b[:n]) {
				t.Fatalf("encoded % x, parsed % x", again, b[:n])
			}
		case io.ErrUnexpectedEOF, errLengthNotShort, errLengthTopBit:
			if n != 0 || h != (Header{}) {
				t.Fatalf("%+v, %d with %v", h, n, err)
			}
			n = min(len(b), maxHeaderLen)
		default:
			t.Fatal(err)
		}
		failed := false
		for cut := range n {
			short, _, shortErr := ParseHeader(b[:cut])
			failed = failed || shortErr != io.ErrUnexpectedEOF
			if short != (Header{}) || failed && (err == nil || shortErr != err) {
				t.Fatalf("cut at %d of %d: %+v, %v", cut, n, short, shortErr)
			}
		}
	})
}

// FuzzReader: a stream gives the same frames and the same error in pieces of any
// size, with timeouts between them. The error is a documented one. The frames are
// encoded to the same bytes again. The buffer is at most about twice as long as
// the stream.
func FuzzReader(f *testing.F) {
	for i, v := range smallVectors(f) {
		f.Add(v.Bytes, v.Receiver == "client", uint64(i))
	}
	f.Fuzz(func(t *testing.T, stream []byte, client bool, seed uint64) {
		role := Server
		if client {
			role = Client
		}
		whole := NewReader(bytes.NewReader(stream), role, -1)
		frames, wantErr := drain(whole)
		checkDocumented(t, wantErr)
		if n := len(whole.buf); n > max(4096, 2*(len(stream)+minReadLen)) {
			t.Fatalf("a buffer of %d bytes for the %d that arrived", n, len(stream))
		}
		var encoded []byte
		for _, fr := range frames {
			encoded = AppendFrame(encoded, fr.Header, fr.Payload)
		}
		if !bytes.HasPrefix(stream, encoded) {
			t.Fatalf("encoded % x, read % x", encoded, stream)
		}

		rng := rand.New(rand.NewPCG(seed, 0))
		flaky := &flaky{wiretest.Pieces(stream, someCuts(rng, len(stream))...), rng}
		again, err := drain(NewReader(flaky, role, -1))
		if !equalErrors(err, wantErr) {
			t.Fatalf("in pieces: %v, whole: %v", err, wantErr)
		}
		if !slices.EqualFunc(again, frames, func(a, b Frame) bool {
			return a.Header == b.Header && bytes.Equal(a.Payload, b.Payload)
		}) {
			t.Fatalf("in pieces: %+v, whole: %+v", again, frames)
		}
	})
}

// drain reads r to its end and ignores timeouts. It returns the frames with
// copies of their payloads, and scribbles on the payloads of the Reader.
func drain(r *Reader) (frames []Frame, err error) {
	for {
		f, err := r.ReadFrame()
		switch {
		case err == os.ErrDeadlineExceeded:
		case err != nil:
			return frames, err
		default:
			own := f
			own.Payload = bytes.Clone(f.Payload)
			frames = append(frames, own)
			wiretest.Scribble(f.Payload)
		}
	}
}

func checkDocumented(t *testing.T, err error) {
	documented := func(rule *ProtocolError) bool { return errors.Is(err, rule) }
	if err != io.EOF && err != io.ErrUnexpectedEOF && !slices.ContainsFunc(protocolErrors, documented) {
		t.Fatalf("%v, which no documentation names", err)
	}
}

// equalErrors reports whether a and b are the same error, or equal
// ProtocolErrors.
func equalErrors(a, b error) bool {
	var x, y *ProtocolError
	return a == b || errors.As(a, &x) && errors.As(b, &y) && *x == *y
}

// someCuts returns up to eight offsets into n bytes, in order.
func someCuts(rng *rand.Rand, n int) []int {
	cuts := make([]int, rng.IntN(9))
	for i := range cuts {
		cuts[i] = rng.IntN(n + 1)
	}
	slices.Sort(cuts)
	return cuts
}

// flaky is an io.Reader that times out at random.
type flaky struct {
	r   io.Reader
	rng *rand.Rand
}

func (r *flaky) Read(p []byte) (int, error) {
	if r.rng.IntN(3) == 0 {
		return 0, os.ErrDeadlineExceeded
	}
	return r.r.Read(p[:min(len(p), 1+r.rng.IntN(100))])
}

// FuzzMask: Mask gives the same result as the naive loop, at once and in two
// pieces.
func FuzzMask(f *testing.F) {
	f.Add([]byte("Hello"), []byte{0x37, 0xfa, 0x21, 0x3d}, 0, uint(2))
	f.Fuzz(func(t *testing.T, p, k []byte, pos int, cut uint) {
		var key [4]byte
		copy(key[:], k)
		want := bytes.Clone(p)
		maskNaive(want, key, pos&3)
		got := bytes.Clone(p)
		if next := Mask(got, key, pos); !bytes.Equal(got, want) || next != (pos&3+len(p))&3 {
			t.Fatalf("% x, next %d, want % x", got, next, want)
		}
		copy(got, p)
		i := int(cut % uint(len(p)+1))
		Mask(got[i:], key, Mask(got[:i], key, pos))
		if !bytes.Equal(got, want) {
			t.Fatalf("cut at %d: % x, want % x", i, got, want)
		}
	})
}

// FuzzUTF8: the automaton agrees with package unicode/utf8 wherever the text is
// cut, and rejects at the first byte after which no text is valid.
func FuzzUTF8(f *testing.F) {
	for _, v := range smallVectors(f) {
		for _, fr := range v.Frames {
			f.Add(fr.Payload, uint(len(fr.Payload)/2))
		}
	}
	f.Fuzz(func(t *testing.T, p []byte, cut uint) {
		i := int(cut % uint(len(p)+1))
		state := utf8Accept.next(p[:i]).next(p[i:])
		if whole := utf8Accept.next(p); whole != state {
			t.Fatalf("cut at %d: state %d, whole: %d", i, state, whole)
		}
		if (state == utf8Accept) != utf8.Valid(p) {
			t.Fatalf("accepted %t, want %t", state == utf8Accept, utf8.Valid(p))
		}
		bad := firstImpossible(p)
		state = utf8Accept
		for i := range p {
			state = state.next(p[i : i+1])
			if (state == utf8Reject) != (bad >= 0 && i >= bad) {
				t.Fatalf("state %d after byte %d, the first impossible one is %d", state, i, bad)
			}
		}
	})
}

// firstImpossible returns the offset of the first byte of p after which no text
// is valid, or -1.
func firstImpossible(p []byte) int {
	for i := 0; i < len(p); {
		if _, n := utf8.DecodeRune(p[i:]); n > 1 || p[i] < utf8.RuneSelf {
			i += n
			continue
		}
		for n := 1; i+n <= len(p); n++ {
			if !goesOn(p[i : i+n]) {
				return i + n - 1
			}
		}
		return -1
	}
	return -1
}

// FuzzParseClose: a payload is encoded to the same bytes again, and the Decoder
// and the Encoder accept and refuse the same payloads as ParseClose.
func FuzzParseClose(f *testing.F) {
	for _, v := range smallVectors(f) {
		for _, fr := range v.Frames {
			if fr.Opcode == uint8(Close) {
				f.Add(fr.Payload)
			}
		}
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		if len(p) > maxControlLen {
			return
		}
		code, reason, err := ParseClose(p)
		switch {
		case err != nil:
			if code != 0 || reason != "" || !errors.Is(err, ErrCloseBody) && err != ErrInvalidUTF8 {
				t.Fatalf("%d, %q, %v", code, reason, err)
			}
		case len(p) == 0:
			if code != StatusNoStatusRcvd || reason != "" {
				t.Fatalf("%d, %q for an empty body", code, reason)
			}
		default:
			if again := AppendClose(nil, code, reason); !code.Valid() || !bytes.Equal(again, p) {
				t.Fatalf("encoded % x, parsed % x", again, p)
			}
		}
		d := Decoder{Role: Client}
		wire := AppendFrame(nil, Header{Fin: true, Opcode: Close}, p)
		if _, _, got := d.Decode(wire); !equalErrors(got, err) {
			t.Fatalf("the Decoder says %v, ParseClose %v", got, err)
		}
		var e Encoder
		if _, got := e.Next(true, Close, p); (got == nil) != (err == nil) {
			t.Fatalf("the Encoder says %v, ParseClose %v", got, err)
		}
	})
}
