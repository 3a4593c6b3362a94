package micro

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"resty.websocket/frame"
)

var texts = []struct {
	kind, line string
}{
	{"ascii", "The quick brown fox jumps over the lazy dog. "},
	{"nonascii", "Η γρήγορη αλεπού 敏捷的棕色狐狸跳过了懒狗 🦊🐕🌍 πηδά πάνω "},
}

// text returns whole lines, at least size bytes of them.
func text(line string, size int) []byte {
	return []byte(strings.Repeat(line, 1+size/len(line)))
}

// BenchmarkUTF8 validates a text: this library's as the sender of a frame does, which is its validator and a few
// nanoseconds for the frame's rules.
func BenchmarkUTF8(b *testing.B) {
	for _, t := range texts {
		for _, size := range []int{125, 4 << 10, 64 << 10} {
			p := text(t.line, size)
			enc := frame.Encoder{MaxPayloadLen: -1}
			src := bytes.NewReader(p)
			their, buf := wsutil.NewUTF8Reader(src), make([]byte, 4<<10)
			for _, bm := range []struct {
				lib   string
				valid func() bool
			}{
				{"resty", func() bool {
					_, err := enc.Next(true, frame.Text, p)
					return err == nil
				}},
				{"gobwas", func() bool {
					src.Reset(p)
					their.Reset(src)
					for {
						if _, err := their.Read(buf); err != nil {
							return err == io.EOF && their.Valid()
						}
					}
				}},
				{"utf8.Valid", func() bool { return utf8.Valid(p) }},
			} {
				b.Run(fmt.Sprintf("lib=%s/kind=%s/size=%d", bm.lib, t.kind, size), func(b *testing.B) {
					b.SetBytes(int64(len(p)))
					for b.Loop() {
						if !bm.valid() {
							b.Fatal("invalid")
						}
					}
				})
			}
		}
	}
}

// BenchmarkDecode takes a frame from its first byte to a validated payload. The masking key is zero, so that the same
// frame can be decoded over and over; the work does not depend on the key.
func BenchmarkDecode(b *testing.B) {
	for _, t := range texts {
		for _, size := range []int{125, 4 << 10, 64 << 10} {
			p := text(t.line, size)
			wire := frame.AppendFrame(nil, frame.Header{Fin: true, Opcode: frame.Text, Masked: true}, p)
			head := len(wire) - len(p)
			name := fmt.Sprintf("/kind=%s/size=%d", t.kind, size)
			b.Run("lib=resty"+name, func(b *testing.B) {
				b.SetBytes(int64(len(p)))
				b.ReportAllocs()
				d := frame.Decoder{MaxPayloadLen: -1}
				for b.Loop() {
					if _, n, err := d.Decode(wire); err != nil || n != len(wire) {
						b.Fatal(n, err)
					}
				}
			})
			b.Run("lib=gobwas"+name, func(b *testing.B) {
				b.SetBytes(int64(len(p)))
				b.ReportAllocs()
				r, scratch := bytes.NewReader(wire), make([]byte, ws.MaxHeaderSize)
				for b.Loop() {
					r.Reset(wire[:head])
					h, err := ws.ReadHeaderBuffer(r, scratch)
					if err == nil {
						err = ws.CheckHeader(h, ws.StateServerSide)
					}
					if err != nil {
						b.Fatal(err)
					}
					ws.Cipher(wire[head:], h.Mask, 0)
					if !utf8.Valid(wire[head:]) {
						b.Fatal("invalid")
					}
				}
			})
		}
	}
}
