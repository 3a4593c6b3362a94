package deflate

import (
	"bytes"
	"compress/flate"
	"math/rand/v2"
	"testing"
)

// FuzzInflate: whatever arrives ends in a message within the limit or a
// documented error, the same as the reference finds.
func FuzzInflate(f *testing.F) {
	for _, tt := range payloads {
		for _, p := range tt.payloads {
			f.Add(unhex(f, p), uint16(100), uint8(15))
		}
	}
	for _, level := range []int{flate.HuffmanOnly, 1, 9} {
		f.Add(bytes.Clone(newStdSender(f, level, false).payload(records(3000))), uint16(3000), uint8(9))
	}
	f.Fuzz(func(t *testing.T, payload []byte, limit uint16, bits uint8) {
		bits = 8 + bits%8
		d := Decompressor{WindowBits: int(bits), Takeover: true}
		dst := make([]byte, 5, 64)
		out, err := d.Decompress(dst, payload, int(limit))
		switch err {
		case nil:
			agree(t, payload, out[5:])
		case ErrTooLarge, ErrTruncated, ErrCorrupt:
		default:
			t.Fatalf("undocumented error %v", err)
		}
		if err != nil && len(out) != 5 || len(out) > 5+int(limit) {
			t.Fatalf("%d bytes, limit %d, %v", len(out), limit, err)
		}
		if cap(out) > 2*(5+int(limit))+2*growMin {
			t.Fatalf("a buffer of %d bytes for a limit of %d", cap(out), limit)
		}
	})
}

// agree fails unless the reference finds the same message. It knows nothing of
// the two payloads that are accepted against the letter.
func agree(t *testing.T, payload, out []byte) {
	var r reference
	if len(payload) == 0 {
		return
	}
	if err := r.message(payload); err != nil && r.message(append(payload[:len(payload):len(payload)], 0)) != nil {
		t.Fatalf("%x: Decompress has %d bytes, %v", payload, len(out), err)
	}
	if !bytes.HasSuffix(r.out, out) {
		t.Fatalf("%x: Decompress has %x, the reference %x", payload, out, r.out)
	}
}

// FuzzDeflateRoundTrip: random messages, with random parameters, in random
// fragments, arrive through Decompress and through compress/flate, and those of
// compress/flate arrive through Decompress, whether or not the windows were compressed
// between two messages.
func FuzzDeflateRoundTrip(f *testing.F) {
	f.Add(uint64(1), uint8(1), uint8(15), true, []byte("Hello"))
	f.Add(uint64(2), uint8(6), uint8(9), false, records(2000))
	f.Add(uint64(3), uint8(9), uint8(8), true, bytes.Repeat([]byte("ab"), 500))
	f.Fuzz(func(t *testing.T, seed uint64, level, bits uint8, takeover bool, text []byte) {
		r := rand.New(rand.NewPCG(seed, 0))
		cache := new(Cache)
		cache.SetBytes([]int{0, -1}[seed%2])
		c := Compressor{Level: -2 + int(level%12), WindowBits: 8 + int(bits%8), Takeover: takeover, Cache: cache}
		own := Decompressor{WindowBits: c.WindowBits, Takeover: takeover}
		fromStd := Decompressor{Takeover: takeover}
		std, peer := stdReceiver{}, newStdSender(t, -2+int(level%12), takeover)
		for range 6 {
			if r.IntN(2) == 0 {
				own.CompressWindow()
				fromStd.CompressWindow()
			}
			p := mutate(r, text)
			roundTripFromStd(t, &fromStd, peer, p, r.IntN(len(p)+1))
			payload, shrunk := c.Compress(nil, p)
			if !shrunk {
				continue
			}
			if got, err := own.Decompress(nil, payload, len(p)); err != nil || !bytes.Equal(got, p) {
				t.Fatalf("message of %d bytes: %d bytes, %v", len(p), len(got), err)
			}
			if takeover {
				if got, err := std.message(payload, len(p)); err != nil || !bytes.Equal(got, p) {
					t.Fatalf("message of %d bytes: compress/flate has another, %v", len(p), err)
				}
			} else if got, err := stdInflate(payload); err != nil || !bytes.Equal(got, p) {
				t.Fatalf("message of %d bytes: compress/flate has %d bytes, %v", len(p), len(got), err)
			}
		}
	})
}

func roundTripFromStd(t *testing.T, d *Decompressor, peer *stdSender, p []byte, cut int) {
	got, err := d.Decompress(nil, peer.payload(p[:cut], p[cut:]), len(p))
	if err != nil || !bytes.Equal(got, p) {
		t.Fatalf("message of %d bytes from compress/flate: %d bytes, %v", len(p), len(got), err)
	}
}

// mutate returns a message made of pieces of text, and of noise.
func mutate(r *rand.Rand, text []byte) (p []byte) {
	for range r.IntN(8) {
		if len(text) == 0 || r.IntN(4) == 0 {
			p = append(p, noise(r, r.IntN(40))...)
			continue
		}
		from := r.IntN(len(text))
		piece := text[from : from+r.IntN(len(text)-from+1)]
		p = append(p, bytes.Repeat(piece, 1+r.IntN(1+2000/(len(piece)+1)))...)
	}
	return p
}
