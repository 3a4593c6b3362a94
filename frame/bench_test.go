package frame

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// sizes are the payloads of a chat, an event, about the default limit, and a file.
var sizes = []struct {
	name string
	n    int
}{
	{"16B", 16}, {"1KiB", 1 << 10}, {"64KiB", 64 << 10}, {"1MiB", 1 << 20},
}

// benchSizes runs fn for each size, under a name=value pair that benchstat reads.
func benchSizes(b *testing.B, suffix string, fn func(b *testing.B, n int)) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("size=%s%s", size.name, suffix), func(b *testing.B) {
			b.SetBytes(int64(size.n))
			b.ReportAllocs()
			fn(b, size.n)
		})
	}
}

func BenchmarkParseHeader(b *testing.B) {
	for _, length := range []int64{125, 65535, 65536} {
		b.Run(fmt.Sprintf("length=%d", length), func(b *testing.B) {
			header := AppendHeader(nil, Header{Fin: true, Opcode: Binary, Masked: true, MaskKey: testKey, Length: length})
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := ParseHeader(header); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendHeader(b *testing.B) {
	for _, length := range []int64{125, 65535, 65536} {
		b.Run(fmt.Sprintf("length=%d", length), func(b *testing.B) {
			h := Header{Fin: true, Opcode: Binary, Masked: true, MaskKey: testKey, Length: length}
			buf := make([]byte, 0, maxHeaderLen)
			b.ReportAllocs()
			for b.Loop() {
				AppendHeader(buf, h)
			}
		})
	}
}

func BenchmarkMask(b *testing.B) {
	for _, align := range []int{0, 1} {
		benchSizes(b, fmt.Sprintf("/align=%d", align), func(b *testing.B, n int) {
			p := make([]byte, n+align)[align:]
			for b.Loop() {
				Mask(p, testKey, 0)
			}
		})
	}
}

func BenchmarkAppendFrame(b *testing.B) {
	for _, masked := range []bool{false, true} {
		benchSizes(b, fmt.Sprintf("/masked=%t", masked), func(b *testing.B, n int) {
			h := Header{Fin: true, Opcode: Binary, Masked: masked, MaskKey: testKey}
			payload := make([]byte, n)
			buf := make([]byte, 0, maxHeaderLen+n)
			for b.Loop() {
				AppendFrame(buf, h, payload)
			}
		})
	}
}

func BenchmarkUTF8(b *testing.B) {
	for _, text := range []struct{ name, unit string }{
		{"ascii", "plain old text. "},
		{"latin", "ça où là été né "},
		{"cjk", "水の上を歩く"},
		{"emoji", "🌊🌊🌊🌊"},
	} {
		benchSizes(b, "/text="+text.name, func(b *testing.B, n int) {
			p := []byte(strings.Repeat(text.unit, n/len(text.unit)+1))[:n]
			for b.Loop() {
				utf8Accept.next(p)
			}
		})
	}
}

func BenchmarkReadFrame(b *testing.B) {
	for _, role := range []Role{Server, Client} {
		for _, op := range []Opcode{Text, Binary} {
			benchSizes(b, fmt.Sprintf("/role=%v/type=%v", role, op), func(b *testing.B, n int) {
				h := Header{Fin: true, Opcode: op, Masked: role == Server, MaskKey: testKey}
				r := NewReader(&endless{b: AppendFrame(nil, h, bytes.Repeat([]byte("a"), n))}, role, -1)
				for range 2 {
					r.ReadFrame() // the buffer grows to its size
				}
				for b.Loop() {
					if _, err := r.ReadFrame(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkWriteFrame(b *testing.B) {
	for _, role := range []Role{Server, Client} {
		benchSizes(b, fmt.Sprintf("/role=%v", role), func(b *testing.B, n int) {
			w := NewWriter(io.Discard, role, -1)
			payload := make([]byte, n)
			for b.Loop() {
				if _, err := w.WriteFrame(true, Binary, payload); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
