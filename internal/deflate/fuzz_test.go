package deflate

import (
	"bytes"
	"compress/flate"
	"testing"
)

// maxFuzzed is the number of bytes of a payload that FuzzInflate uses. It is small
// because go test, to minimize a payload of n bytes, tries about n*n/2 shorter ones.
const maxFuzzed = 96

// FuzzInflate: any payload, received twice, ends in a message within the limit or
// in a documented error. The message is the one that the reference finds.
func FuzzInflate(f *testing.F) {
	for _, tt := range payloads {
		for _, p := range tt.payloads {
			f.Add(unhex(f, p), uint16(100), uint8(15))
		}
	}
	for _, level := range []int{flate.HuffmanOnly, 1, 9} {
		f.Add(payloadOf(records(100), level), uint16(3000), uint8(9))
	}
	f.Add(payloadOf(make([]byte, 3000), 9), uint16(3000), uint8(8))
	f.Fuzz(func(t *testing.T, payload []byte, limit uint16, bits uint8) {
		payload, limit = payload[:min(len(payload), maxFuzzed)], limit%(1<<13)
		d := Decompressor{WindowBits: 8 + int(bits%8), Takeover: true}
		var r reference
		for range 2 {
			dst := make([]byte, 5, 64)
			out, err := d.Decompress(dst, payload, int(limit))
			if err != nil && len(out) != 5 || len(out) > 5+int(limit) {
				t.Fatalf("%d bytes, limit %d, %v", len(out), limit, err)
			}
			if cap(out) > 2*(5+int(limit))+2*growMin {
				t.Fatalf("a buffer of %d bytes for a limit of %d", cap(out), limit)
			}
			switch err {
			case nil:
				agree(t, &r, payload, out[5:])
			case ErrTooLarge, ErrTruncated, ErrCorrupt:
				return
			default:
				t.Fatalf("undocumented error %v", err)
			}
		}
	})
}

// agree fails unless the reference finds the same message. It knows nothing of the
// two payloads that Decompress accepts against the letter: one of no octets, and one
// that lacks the header of a block after a final one.
func agree(t *testing.T, r *reference, payload, out []byte) {
	if len(payload) == 0 {
		return
	}
	before := r.out
	if err := r.message(payload); err != nil {
		r.out = before
		if r.message(append(payload[:len(payload):len(payload)], 0)) != nil {
			t.Fatalf("%x: Decompress has %d bytes, the reference: %v", payload, len(out), err)
		}
	}
	if !bytes.Equal(r.out[len(before):], out) {
		t.Fatalf("%x: Decompress has %x, the reference %x", payload, out, r.out[len(before):])
	}
}

// FuzzDeflateRoundTrip: every message of a program arrives, from a Compressor as well
// as from compress/flate.
func FuzzDeflateRoundTrip(f *testing.F) {
	for _, seed := range programs {
		f.Add(uint8(seed.level+2), uint8(seed.bits), seed.takeover, seed.program)
	}
	m := newMachine()
	f.Fuzz(func(t *testing.T, level, bits uint8, takeover bool, program []byte) {
		m.run(t, int(level%12)-2, 8+int(bits%8), takeover, program)
	})
}

// FuzzReader: any payload in pieces of any size, received twice, is what Decompress makes
// of it.
func FuzzReader(f *testing.F) {
	for _, tt := range payloads {
		for _, p := range tt.payloads {
			f.Add(unhex(f, p), uint16(100), uint8(15), uint8(3))
		}
	}
	for _, level := range []int{flate.HuffmanOnly, 1, 9} {
		f.Add(payloadOf(records(100), level), uint16(3000), uint8(9), uint8(7))
	}
	f.Add(payloadOf(make([]byte, 3000), 9), uint16(3000), uint8(8), uint8(1))
	f.Fuzz(func(t *testing.T, payload []byte, limit uint16, bits, n uint8) {
		payload, limit = payload[:min(len(payload), maxFuzzed)], limit%(1<<13)
		whole := Decompressor{WindowBits: 8 + int(bits%8), Takeover: bits&8 == 0}
		pieces := whole
		for range 2 {
			want, wantErr := whole.Decompress(nil, payload, int(limit))
			got, err := readPieces(&pieces, payload, 1+int(n%64), int(limit))
			if err != wantErr || !bytes.Equal(got, want) {
				t.Fatalf("%x in pieces of %d: %x, %v, want %x, %v", payload, 1+n%64, got, err, want, wantErr)
			}
			if err != nil {
				return
			}
		}
	})
}

// FuzzWriter: any message, in pieces of any size, arrives twice.
func FuzzWriter(f *testing.F) {
	f.Add(records(300), uint16(20), uint8(15), uint8(1), uint8(40))
	f.Add([]byte{}, uint16(1), uint8(8), uint8(9), uint8(1))
	f.Add(make([]byte, 90), uint16(300), uint8(1), uint8(0), uint8(7))
	f.Fuzz(func(t *testing.T, p []byte, times uint16, bits, level, n uint8) {
		p = bytes.Repeat(p[:min(len(p), maxFuzzed)], 1+int(times%500))
		c := Compressor{WindowBits: 8 + int(bits%8), Level: int(level%12) - 2, Takeover: bits&8 == 0, Cache: unswept()}
		defer c.Close()
		d := Decompressor{WindowBits: 8 + int(bits%8), Takeover: bits&8 == 0}
		for range 2 {
			payload := writePieces(&c, p, 1+int(n)*int(n))
			if got, err := d.Decompress(nil, payload, len(p)); err != nil || !bytes.Equal(got, p) {
				t.Fatalf("%d bytes: Decompress has %d, %v", len(p), len(got), err)
			}
		}
	})
}
