package deflate

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// A window is packed where that saves a quarter, and comes back as it was.
func TestPack(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	text := records(100_000)
	for _, tt := range []struct {
		name     string
		received []byte
		bits     int
		most     int // bytes held; 0: it is not packed
	}{
		{"empty", nil, 15, 0},
		{"small", text[:minPacked-1], 15, 0},
		{"large_enough", text[:minPacked], 15, minPacked / 2},
		{"partly_filled", text[:20_000], 15, 20_000 / 4},
		{"full", text, 15, 1 << 15 / 4},
		{"full/bits=12", text, 12, 1 << 12 / 2},
		{"full/bits=9", text, 9, 0},
		{"zeros", make([]byte, 1<<15), 15, 100},
		{"random", noise(r, 1<<15), 15, 0},
		{"third_of_text", append(noise(r, 20_000), text[:10_000]...), 15, 0},
		{"two_thirds_of_text", append(text[:20_000:20_000], noise(r, 10_000)...), 15, 16_000},
		{"every_byte", bytes.Repeat([]byte("\x00\xff\x01\xfe"), 1<<13), 15, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := Decompressor{WindowBits: tt.bits, Takeover: true}
			d.past.write(tt.received, 1<<tt.bits)
			want := bytes.Clone(d.past.buf)
			d.Pack()
			if packed := d.packed > 0; packed != (tt.most > 0) {
				t.Fatalf("packed: %v, to %d bytes of %d", packed, len(d.past.buf), len(want))
			}
			if d.packed > 0 && cap(d.past.buf) > tt.most {
				t.Errorf("%d bytes are held of %d, want at most %d", cap(d.past.buf), len(want), tt.most)
			}
			once := d.past.buf
			if d.Pack(); !bytes.Equal(d.past.buf, once) {
				t.Error("packed twice")
			}
			if err := d.unpack(); err != nil || d.packed != 0 || !bytes.Equal(d.past.buf, want) {
				t.Errorf("the window of %d bytes has become %d, %v", len(want), len(d.past.buf), err)
			}
			if tt.most > 0 && cap(d.past.buf) != len(want) {
				t.Errorf("%d bytes are held for %d", cap(d.past.buf), len(want))
			}
		})
	}
}

// Messages arrive, whenever the window was packed between them.
func TestPackBetweenMessages(t *testing.T) {
	text := records(1 << 18)
	for bits := MinWindowBits; bits <= MaxWindowBits; bits++ {
		r := rand.New(rand.NewPCG(uint64(bits), 15))
		c := Compressor{Level: 2, WindowBits: bits, Takeover: true, Cache: unswept()}
		d := Decompressor{WindowBits: bits, Takeover: true}
		packed := 0
		for i := range 60 {
			p := someMessage(r, text)
			payload, shrunk := c.Compress(nil, p)
			if !shrunk {
				continue
			}
			if r.IntN(3) > 0 {
				d.Pack()
			}
			if d.packed > 0 {
				packed++
			}
			if got, err := d.Decompress(nil, payload, len(p)); err != nil || !bytes.Equal(got, p) {
				t.Fatalf("%d bits, message %d of %d bytes: %d bytes, %v", bits, i, len(p), len(got), err)
			}
		}
		if bits > 10 && packed == 0 {
			t.Errorf("%d bits: no window was packed, so nothing was tested", bits)
		}
	}
}

// A message of no octets leaves the window as it is.
func TestPackedStays(t *testing.T) {
	d := packedWindow()
	if _, err := d.Decompress(nil, nil, -1); err != nil || d.packed == 0 {
		t.Errorf("packed: %v, %v", d.packed > 0, err)
	}
}

func TestPackedClose(t *testing.T) {
	d := packedWindow()
	d.Close()
	if _, err := d.Decompress(nil, unhex(t, "f2 00 11 00 00"), -1); err != ErrCorrupt {
		t.Errorf("after Close: %v, want %v", err, ErrCorrupt)
	}
	if got, err := d.Decompress(nil, unhex(t, "f2 48 cd c9 c9 07 00"), -1); err != nil || string(got) != "Hello" {
		t.Errorf("after Close: %q, %v", got, err)
	}
}

// A window that does not come back is no window at all.
func TestPackedDamaged(t *testing.T) {
	whole := packedWindow()
	payload := payloadOf([]byte("Hello"), 6)
	for _, tt := range []struct {
		name   string
		damage func(d *Decompressor)
	}{
		{"cut", func(d *Decompressor) { d.past.buf = d.past.buf[:len(d.past.buf)/2] }},
		{"shorter", func(d *Decompressor) { d.packed++ }},
		{"longer", func(d *Decompressor) { d.packed-- }},
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

// Nothing is allocated but what is held afterwards.
func TestPackAllocs(t *testing.T) {
	raw := Decompressor{Takeover: true}
	raw.past.write(records(1<<15), 1<<15)
	if got := allocs(func() { d := raw; d.Pack() }); got > 1 {
		t.Errorf("%v allocations to pack", got)
	}
	again := packedWindow()
	if got := allocs(again.Pack); got != 0 {
		t.Errorf("%v allocations to pack again", got)
	}
}

// packedWindow returns a Decompressor at rest, with a window of 32 KiB.
func packedWindow() Decompressor {
	d := Decompressor{Takeover: true}
	d.past.write(records(1<<15), 1<<15)
	d.Pack()
	return d
}

// BenchmarkPack gives the figures of the package comment: what it costs to pack a
// window and to have it back.
func BenchmarkPack(b *testing.B) {
	raw := Decompressor{Takeover: true}
	raw.past.write(records(1<<15), 1<<15)
	packed := packedWindow()
	for _, bb := range []struct {
		name string
		from Decompressor
		do   func(*Decompressor)
	}{
		{"pack", raw, (*Decompressor).Pack},
		{"unpack", packed, func(d *Decompressor) { d.unpack() }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d := bb.from
				bb.do(&d)
			}
			b.ReportMetric(float64(len(packed.past.buf)), "packed-B")
		})
	}
}
