package deflate

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// writePieces compresses p in pieces of n bytes, and flushes after each fourth.
func writePieces(c *Compressor, p []byte, n int) []byte {
	w := c.Begin()
	payload := []byte("dst")
	for i := 0; len(p) > 0; i++ {
		piece := p[:min(n, len(p))]
		payload = w.Append(payload, piece)
		if i%4 == 3 {
			payload = w.Flush(payload)
		}
		p = p[len(piece):]
	}
	return w.End(payload)[len("dst"):]
}

// TestWriter alternates between Compress and Writers on one connection, with all levels
// and windows. Each message arrives by Decompress and by a Reader, and at compress/flate's
// reader.
func TestWriter(t *testing.T) {
	text := records(1 << 18)
	for _, bits := range []int{8, 9, 12, 15} {
		for _, level := range []int{-2, 1, 2, 6, 9} {
			for _, takeover := range []bool{false, true} {
				t.Run(fmt.Sprintf("bits=%d/level=%d/takeover=%v", bits, level, takeover), func(t *testing.T) {
					r := rand.New(rand.NewPCG(uint64(level+2), uint64(bits)))
					c := Compressor{Level: level, WindowBits: bits, Takeover: takeover, Cache: new(Cache)}
					defer c.Close()
					whole := Decompressor{WindowBits: bits, Takeover: takeover}
					pieces := whole
					var ref reference
					for i := range 20 {
						p := someMessage(r, text)
						p = p[:min(len(p), 1<<14)]
						payload, shrunk := c.Compress(nil, p)
						if i%2 == 1 || !shrunk {
							c.Restart() // Compress has declined, or what it has seen is not sent
							payload = writePieces(&c, p, 1+r.IntN(5000))
						}
						if got, err := whole.Decompress(nil, payload, len(p)); err != nil || !bytes.Equal(got, p) {
							t.Fatalf("message %d of %d bytes: Decompress has %d bytes, %v", i, len(p), len(got), err)
						}
						if got, err := readPieces(&pieces, payload, 1+r.IntN(2000), len(p)); err != nil || !bytes.Equal(got, p) {
							t.Fatalf("message %d of %d bytes: the Reader has %d bytes, %v", i, len(p), len(got), err)
						}
						if err := ref.message(payload); err != nil {
							t.Fatalf("message %d: the reference: %v", i, err)
						}
					}
					if ref.farthest > 1<<bits {
						t.Errorf("the farthest distance is %d of %d", ref.farthest, 1<<bits)
					}
				})
			}
		}
	}
}

// TestWriterTakesOver has the second message refer to the first.
func TestWriterTakesOver(t *testing.T) {
	text := noise(rand.New(rand.NewPCG(5, 5)), 10_000)
	for _, takeover := range []bool{false, true} {
		c := Compressor{Level: 6, Takeover: takeover, Cache: new(Cache)}
		writePieces(&c, text, 1000)
		again := writePieces(&c, text, 10_000)
		if refers := len(again) < 1000; refers != takeover {
			t.Errorf("takeover %v: %d bytes again are a payload of %d", takeover, len(text), len(again))
		}
		c.Close()
	}
}

// TestWriterFlush holds that all that was written can be read after Flush.
func TestWriterFlush(t *testing.T) {
	for _, level := range []int{-2, 1, 9} {
		c := Compressor{Level: level}
		w := c.Begin()
		var d Decompressor
		r := d.Begin(-1)
		for _, p := range []string{"one", "two", string(records(70_000)), "three"} {
			r.Feed(w.Flush(w.Append(nil, []byte(p))), false)
			var got []byte
			piece, err := r.Next()
			for ; err == nil; piece, err = r.Next() {
				got = append(got, piece...)
			}
			if err != ErrMore || string(got) != p {
				t.Fatalf("level %d: %.20q, %v, want %.20q", level, got, err, p)
			}
		}
		r.Close()
		w.Close()
	}
}

// TestWriterCloses gives up a message, at a Compressor that is closed meanwhile or not.
func TestWriterCloses(t *testing.T) {
	c := Compressor{Takeover: true, Cache: new(Cache)}
	w := c.Begin()
	w.Append(nil, records(1000))
	w.Close()
	w.Close()
	w = c.Begin()
	w.Append(nil, records(1000))
	c.Close()
	w.End(nil)
	if c.Cache.used != 0 {
		t.Errorf("%d bytes are cached after Close", c.Cache.used)
	}
}

// TestWriterAllocates nothing for each piece.
func TestWriterAllocates(t *testing.T) {
	text := records(1000)
	for _, level := range []int{1, 6} {
		c := Compressor{Level: level}
		w := c.Begin()
		dst := make([]byte, 0, 1<<17)
		if n := testing.AllocsPerRun(1000, func() { w.Append(dst, text) }); n > 0 {
			t.Errorf("level %d: %v allocations for each piece", level, n)
		}
		w.Close()
	}
}
