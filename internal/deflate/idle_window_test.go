package deflate

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// A window is compressed if that saves a quarter, and is restored as it was.
func TestCompressWindow(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	text := records(100_000)
	letters := noise(r, 20_000) // of 6.6 bits each
	for i := range letters {
		letters[i] %= 96
	}
	for _, tt := range []struct {
		name     string
		received []byte
		bits     int
		most     int // bytes held, at most; 0 if it is not compressed
	}{
		{"empty", nil, 15, 0},
		{"small", text[:minCompressed-1], 15, 0},
		{"large_enough", text[:minCompressed], 15, minCompressed / 2},
		{"partly_filled", text[:20_000], 15, 20_000 / 4},
		{"full", text, 15, 1 << 15 / 4},
		{"full/bits=12", text, 12, 1 << 12 / 2},
		{"full/bits=9", text, 9, 0},
		{"zeros", make([]byte, 1<<15), 15, 100},
		{"random", noise(r, 1<<15), 15, 0},
		{"third_of_text", append(noise(r, 20_000), text[:10_000]...), 15, 0},
		{"two_thirds_of_text", append(text[:20_000:20_000], noise(r, 10_000)...), 15, 16_000},
		{"saves_a_sixth", append(letters, letters[:100]...), 15, 0},
		{"every_byte", bytes.Repeat([]byte("\x00\xff\x01\xfe"), 1<<13), 15, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := Decompressor{WindowBits: tt.bits, Takeover: true}
			d.past.write(tt.received, 1<<tt.bits)
			want := bytes.Clone(d.past.buf)
			d.CompressWindow()
			if compressed := d.windowLen > 0; compressed != (tt.most > 0) {
				t.Fatalf("compressed: %v, to %d bytes of %d", compressed, len(d.past.buf), len(want))
			}
			if d.windowLen > 0 && cap(d.past.buf) > tt.most {
				t.Errorf("%d bytes are held of %d, want at most %d", cap(d.past.buf), len(want), tt.most)
			}
			once := d.past.buf
			if d.CompressWindow(); !bytes.Equal(d.past.buf, once) {
				t.Error("compressed twice")
			}
			if err := d.restoreWindow(); err != nil || d.windowLen != 0 || !bytes.Equal(d.past.buf, want) {
				t.Errorf("the window of %d bytes has become %d, %v", len(want), len(d.past.buf), err)
			}
			if tt.most > 0 && cap(d.past.buf) != len(want) {
				t.Errorf("%d bytes are held for %d", cap(d.past.buf), len(want))
			}
		})
	}
}

// Messages arrive if the window is compressed between them, at any time.
func TestCompressWindowBetweenMessages(t *testing.T) {
	text := records(1 << 18)
	for bits := MinWindowBits; bits <= MaxWindowBits; bits++ {
		r := rand.New(rand.NewPCG(uint64(bits), 15))
		c := Compressor{Level: 2, WindowBits: bits, Takeover: true, Cache: unswept()}
		d := Decompressor{WindowBits: bits, Takeover: true}
		compressed := 0
		for range 60 {
			if r.IntN(3) > 0 {
				d.CompressWindow()
			}
			if d.windowLen > 0 {
				compressed++
			}
			roundTrip(t, &c, &d, someMessage(r, text))
		}
		if bits > 10 && compressed == 0 {
			t.Errorf("%d bits: no window was compressed, so nothing was tested", bits)
		}
	}
}

// A compressed window is not compressed again, even if it would shrink.
func TestCompressWindowTwice(t *testing.T) {
	d := Decompressor{Takeover: true, past: history{records(2000)}, windowLen: 8000}
	if d.CompressWindow(); len(d.past.buf) != 2000 || d.windowLen != 8000 {
		t.Errorf("compressed to %d bytes, for a window of %d", len(d.past.buf), d.windowLen)
	}
}

// A payload of no octets does not restore the window.
func TestCompressedWindowStays(t *testing.T) {
	d := compressedWindow()
	if _, err := d.Decompress(nil, nil, -1); err != nil || d.windowLen == 0 {
		t.Errorf("compressed: %v, %v", d.windowLen > 0, err)
	}
}

func TestCompressedWindowClose(t *testing.T) {
	d := compressedWindow()
	d.Close()
	if _, err := d.Decompress(nil, unhex(t, "f2 00 11 00 00"), -1); err != ErrCorrupt {
		t.Errorf("after Close: %v, want %v", err, ErrCorrupt)
	}
	if got, err := d.Decompress(nil, unhex(t, "f2 48 cd c9 c9 07 00"), -1); err != nil || string(got) != "Hello" {
		t.Errorf("after Close: %q, %v", got, err)
	}
}

// A compressed window that was damaged is an error, and stays one.
func TestCompressedWindowDamaged(t *testing.T) {
	whole := compressedWindow()
	payload := payloadOf([]byte("Hello"), 6)
	for _, tt := range []struct {
		name   string
		damage func(d *Decompressor)
	}{
		{"cut", func(d *Decompressor) { d.past.buf = d.past.buf[:len(d.past.buf)/2] }},
		{"shorter", func(d *Decompressor) { d.windowLen++ }},
		{"longer", func(d *Decompressor) { d.windowLen-- }},
		{"no_deflate", func(d *Decompressor) { d.past.buf = []byte{0xff} }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := whole
			tt.damage(&d)
			for range 2 {
				got, err := d.Decompress([]byte("dst"), payload, -1)
				if err != ErrCorrupt || string(got) != "dst" {
					t.Errorf("%q, %v", got, err)
				}
			}
		})
	}
}

// CompressWindow allocates the compressed window and nothing else.
func TestCompressWindowAllocs(t *testing.T) {
	raw := Decompressor{Takeover: true}
	raw.past.write(records(1<<15), 1<<15)
	if got := allocs(func() { d := raw; d.CompressWindow() }); got > 1 {
		t.Errorf("%v allocations to compress the window", got)
	}
	again := compressedWindow()
	if got := allocs(again.CompressWindow); got != 0 {
		t.Errorf("%v allocations to compress it again", got)
	}
	short := Decompressor{Takeover: true}
	short.past.write(bytes.Repeat([]byte("0123456789abcdef"), 1<<11), 1<<15)
	short.CompressWindow()
	if got := allocs(func() { d := short; d.restoreWindow() }); got > 1 {
		t.Errorf("%v allocations to restore the window", got)
	}
}

// compressedWindow returns a Decompressor with a compressed window of 32 KiB.
func compressedWindow() Decompressor {
	d := Decompressor{Takeover: true}
	d.past.write(records(1<<15), 1<<15)
	d.CompressWindow()
	return d
}

// BenchmarkCompressWindow measures what it costs to compress a window and to restore it,
// for the package comment.
func BenchmarkCompressWindow(b *testing.B) {
	raw := Decompressor{Takeover: true}
	raw.past.write(records(1<<15), 1<<15)
	compressed := compressedWindow()
	for _, bb := range []struct {
		name string
		from Decompressor
		do   func(*Decompressor)
	}{
		{"compress", raw, (*Decompressor).CompressWindow},
		{"restore", compressed, func(d *Decompressor) { d.restoreWindow() }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d := bb.from
				bb.do(&d)
			}
			b.ReportMetric(float64(len(compressed.past.buf)), "window-B")
		})
	}
}
