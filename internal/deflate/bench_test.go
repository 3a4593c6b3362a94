package deflate

import (
	"fmt"
	"testing"
)

// BenchmarkCompress measures the times and lengths of payloads that the package
// comment lists.
func BenchmarkCompress(b *testing.B) {
	text := records(1 << 20)
	for _, n := range []int{200, 1 << 10, 1 << 16} {
		for _, takeover := range []bool{false, true} {
			for _, level := range []int{-2, 1, 2, 4, 6, 9} {
				b.Run(fmt.Sprintf("size=%d/takeover=%v/level=%d", n, takeover, level), func(b *testing.B) {
					benchmarkCompress(b, &Compressor{Level: level, Takeover: takeover, Cache: new(Cache)}, text, n)
				})
			}
		}
	}
}

// BenchmarkCompressWindowBits measures the same for windows of all sizes.
func BenchmarkCompressWindowBits(b *testing.B) {
	text := records(1 << 20)
	for _, n := range []int{1 << 10, 1 << 16} {
		for bits := MinWindowBits; bits <= MaxWindowBits; bits++ {
			b.Run(fmt.Sprintf("size=%d/bits=%d", n, bits), func(b *testing.B) {
				benchmarkCompress(b, &Compressor{WindowBits: bits}, text, n)
			})
		}
	}
}

// benchmarkCompress compresses messages of n bytes, consecutive parts of text.
func benchmarkCompress(b *testing.B, c *Compressor, text []byte, n int) {
	dst := make([]byte, 0, 2*n)
	i, messages, produced := 0, 0, 0
	b.SetBytes(int64(n))
	b.ReportAllocs()
	for b.Loop() {
		out, shrunk := c.Compress(dst, text[i:][:n])
		if !shrunk {
			out = dst[:n]
		}
		produced += len(out)
		messages++
		if i += n; i > len(text)-n {
			i = 0
		}
	}
	b.ReportMetric(float64(produced)/float64(messages), "payload-B/op")
	c.Close()
}

func BenchmarkDecompress(b *testing.B) {
	text := records(1 << 16)
	for _, n := range []int{200, 1 << 10, 1 << 16} {
		payload := payloadOf(text[:n], 1)
		for _, takeover := range []bool{false, true} {
			b.Run(fmt.Sprintf("size=%d/takeover=%v", n, takeover), func(b *testing.B) {
				d := Decompressor{Takeover: takeover}
				dst := make([]byte, 0, n)
				b.SetBytes(int64(n))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := d.Decompress(dst, payload, n); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkDecompressBlocks measures payloads that consist of empty blocks, with a full
// window.
func BenchmarkDecompressBlocks(b *testing.B) {
	for _, tt := range manyBlocks {
		b.Run(tt.name, func(b *testing.B) {
			n := maxFinalBlocks - 1
			if !tt.final {
				n = 1 << 30 / len(repeatBlock(tt.block, 1<<10))
			}
			payload := repeatBlock(tt.block, n)
			d := Decompressor{Takeover: true}
			d.past.write(records(1<<15), 1<<15)
			b.SetBytes(int64(len(payload)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Decompress(nil, payload, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
