package deflate

import (
	"bytes"
	"compress/flate"
	"io"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"
)

func TestCompressAllocs(t *testing.T) {
	for _, c := range []*Compressor{
		{},
		{Level: 6},
		{Level: -2},
		{WindowBits: 9},
		{Takeover: true, Cache: new(Cache)},
		{Level: 6, Takeover: true, Cache: new(Cache)},
	} {
		for _, n := range []int{100, 1 << 10, 1 << 16} {
			p, dst := records(n), make([]byte, 0, 2*n+100)
			if got := allocs(func() { c.Compress(dst, p) }); got != 0 {
				t.Errorf("level %d, takeover %v, %d bytes: %v allocations", c.Level, c.Takeover, n, got)
			}
		}
	}
}

// Decompress allocates nothing itself. compress/flate allocates tables for codes longer
// than 9 bits.
func TestDecompressAllocs(t *testing.T) {
	text := records(1 << 16)
	for _, tt := range []struct {
		name    string
		payload []byte
	}{
		{"fixed", payloadOf(text[:50], 6)},
		{"stored", payloadOf(noise(rand.New(rand.NewPCG(1, 1)), 1000), 1)},
		{"short_codes", payloadOf(bytes.Repeat([]byte("0123456789abcdef"), 100), flate.HuffmanOnly)},
	} {
		for _, d := range []*Decompressor{{}, {Takeover: true}} {
			dst := make([]byte, 0, 1<<16)
			out, err := d.Decompress(dst, tt.payload, -1)
			if err != nil {
				t.Fatal(tt.name, err)
			}
			for _, limit := range []int{-1, len(out) - 1} {
				if got := allocs(func() { d.Decompress(dst, tt.payload, limit) }); got != 0 {
					t.Errorf("%s, takeover %v, limit %d: %v allocations", tt.name, d.Takeover, limit, got)
				}
			}
		}
	}
	for _, n := range []int{100, 1 << 10, 1 << 16} {
		var d Decompressor
		payload, dst := payloadOf(text[:n], 1), make([]byte, 0, n)
		own := allocs(func() { d.Decompress(dst, payload, n) })
		r := flate.NewReader(nil)
		in, out := bytes.NewReader(nil), make([]byte, n)
		std := allocs(func() {
			in.Reset(payload)
			r.(flate.Resetter).Reset(in, nil)
			io.ReadFull(r, out)
		})
		t.Logf("%d bytes in a payload of %d: %v allocations, %v by compress/flate alone", n, len(payload), own, std)
		if own > std {
			t.Errorf("%d bytes: %v allocations, %v by compress/flate alone", n, own, std)
		}
	}
}

// allocs is testing.AllocsPerRun, the best of 21 tries. The collector empties pools
// now and then, and the race detector makes them drop items at random.
func allocs(fn func()) float64 {
	best := testing.AllocsPerRun(1, fn)
	for range 20 {
		best = min(best, testing.AllocsPerRun(1, fn))
	}
	return best
}

// The sizes that the cache counts with, and that the package comment names, are true.
func TestSizes(t *testing.T) {
	decoder := func() any {
		f := inflaters.New().(*inflater)
		f.r.Reset(&f.in, nil) // allocates the window
		return f
	}
	text := records(70_000)
	encoder := func(level int) func() any {
		return func() any {
			e := newEncoder(level)
			e.compress(nil, text, len(text), len(text)) // some memory is allocated at first use
			return e
		}
	}
	for _, tt := range []struct {
		name string
		most int
		make func() any
	}{
		{"encoder_1", fastestBytes, encoder(1)},
		{"encoder_2", encoderBytes, encoder(2)},
		{"encoder_3", encoderBytes, encoder(3)},
		{"encoder_6", encoderBytes, encoder(6)},
		{"encoder_9", encoderBytes, encoder(9)},
		{"encoder_huffman", 740_000, encoder(flate.HuffmanOnly)},
		{"decoder", 42_000, decoder},
	} {
		const n = 40
		kept := make([]any, n)
		before := heap()
		for i := range kept {
			kept[i] = tt.make()
		}
		size := int(heap()-before) / n
		t.Logf("%s takes %d bytes", tt.name, size)
		if size > tt.most {
			t.Errorf("%s takes %d bytes, want at most %d", tt.name, size, tt.most)
		}
		runtime.KeepAlive(kept)
	}
	if size := reflect.TypeFor[Compressor]().Size(); size > 72 {
		t.Errorf("a Compressor takes %d bytes, want at most 72", size)
	}
	if size := reflect.TypeFor[Decompressor]().Size(); size > 48 {
		t.Errorf("a Decompressor takes %d bytes, want at most 48", size)
	}
}

// An idle connection holds the memory that the package comment lists. Of the 2,000
// connections each has received a message, and 100 have sent one. If these kept their
// encoders, the mean would be 60 KB.
func TestIdleMemory(t *testing.T) {
	for _, tt := range []struct {
		name       string
		takeover   bool
		bits       int
		received   int // bytes of the message that each received
		compressed bool
		most       int // bytes per connection, the structs included
	}{
		{"no_takeover", false, 15, 2000, false, 150},
		{"takeover/bits=9", true, 9, 2000, false, 512 + 150},
		{"takeover/bits=15/little_received", true, 15, 2000, false, 2048 + 150},
		{"takeover/bits=12", true, 12, 40_000, false, 4096 + 150},
		{"takeover/bits=12/compressed", true, 12, 40_000, true, 4096/2 + 150},
		{"takeover/bits=15", true, 15, 40_000, false, 32768 + 150},
		{"takeover/bits=15/compressed", true, 15, 40_000, true, 32768/4 + 150},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const n = 2000
			type conn struct {
				c Compressor
				d Decompressor
			}
			cache := unswept()
			cache.SetBytes(4 * fastestBytes)
			p := records(tt.received)
			in := Compressor{WindowBits: tt.bits}
			payload, _ := in.Compress(nil, p)
			var out, got []byte
			before := heap()
			conns := make([]conn, n)
			for i := range conns {
				conns[i] = conn{
					Compressor{WindowBits: tt.bits, Takeover: tt.takeover, Cache: cache},
					Decompressor{WindowBits: tt.bits, Takeover: tt.takeover},
				}
				if i%20 == 0 {
					out, _ = conns[i].c.Compress(out[:0], p[:500])
				}
				var err error
				if got, err = conns[i].d.Decompress(got[:0], payload, len(p)); err != nil {
					t.Fatal(err)
				}
				if tt.compressed {
					conns[i].d.CompressWindow()
				}
			}
			held := int(heap()-before) - len(out) - len(got) - cache.used
			t.Logf("%d bytes per connection, %d in the cache", held/n, cache.used)
			if held > n*tt.most {
				t.Errorf("%d bytes per connection, want at most %d", held/n, tt.most)
			}
			if cache.used > 4*fastestBytes {
				t.Errorf("%d bytes in the cache", cache.used)
			}
			runtime.KeepAlive(conns)
		})
	}
}

// heap returns the bytes in use after pools have been emptied.
func heap() int64 {
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A payload that inflates to 1 GiB ends at the limit, and takes a buffer of at most
// twice the limit.
func TestBombs(t *testing.T) {
	const limit = 1 << 20
	zeros := append(newStdSender(t, flate.BestCompression, false).payload(make([]byte, 16<<20)), tail...)
	var final bytes.Buffer
	w, _ := flate.NewWriter(&final, flate.BestSpeed)
	w.Write(make([]byte, 1<<18))
	w.Close()
	for _, tt := range []struct {
		name    string
		payload []byte
	}{
		{"1_GiB_of_zeros", bytes.Repeat(zeros, 64)},
		{"1_GiB_in_final_blocks", bytes.Repeat(final.Bytes(), 1<<12)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var m1, m2 runtime.MemStats
			var d Decompressor
			runtime.ReadMemStats(&m1)
			out, err := d.Decompress(nil, tt.payload, limit)
			runtime.ReadMemStats(&m2)
			if err != ErrTooLarge || len(out) != 0 {
				t.Errorf("%d bytes, %v", len(out), err)
			}
			if cap(out) > 2*limit {
				t.Errorf("a buffer of %d bytes for a limit of %d", cap(out), limit)
			}
			if got := m2.TotalAlloc - m1.TotalAlloc; got > 4*limit {
				t.Errorf("%d bytes allocated on the way", got)
			}
		})
	}
}

// Any number of empty blocks is accepted, and maxFinalBlocks final ones.
func TestRepeatedBlocks(t *testing.T) {
	for _, tt := range manyBlocks {
		t.Run(tt.name, func(t *testing.T) {
			var d Decompressor
			n := 10_000
			if tt.final {
				n = maxFinalBlocks - 1 // the ending is one
				payload := repeatBlock(tt.block, n+1)
				if _, err := d.Decompress(nil, payload, 0); err != ErrCorrupt {
					t.Errorf("%d blocks: %v", n+1, err)
				}
				payload = append(unhex(t, "f3 48 cd c9 c9 07 00"), payload...)
				if out, err := d.Decompress([]byte("dst"), payload, -1); err != ErrCorrupt || string(out) != "dst" {
					t.Errorf("%d blocks: %q, %v", n+2, out, err)
				}
			}
			payload := repeatBlock(tt.block, n)
			if out, err := d.Decompress(nil, payload, 0); err != nil || len(out) != 0 {
				t.Errorf("%d blocks: %d bytes, %v", n, len(out), err)
			}
		})
	}
}

// manyBlocks are the smallest empty blocks of each kind, and the one that costs most
// for its length.
var manyBlocks = []struct {
	name  string
	final bool
	block func(w *bitWriter)
}{
	{"stored", false, func(w *bitWriter) { w.end(); w.out = append(w.out, tail...) }},
	{"final_stored", true, func(w *bitWriter) { w.out = append(w.out, 0x01, 0x00, 0x00, 0xff, 0xff) }},
	{"fixed", false, func(w *bitWriter) { w.write(fixedBlock, 3+7) }},
	{"final_fixed", true, func(w *bitWriter) { w.out = append(w.out, 0x03, 0x00) }},
	{"dynamic", false, (*bitWriter).emptyDynamic},
	{"dynamic_long", false, (*bitWriter).emptyLongDynamic},
}

// repeatBlock returns a payload of n blocks.
func repeatBlock(block func(w *bitWriter), n int) []byte {
	var w bitWriter
	for range n {
		block(&w)
	}
	w.end()
	return w.out
}
