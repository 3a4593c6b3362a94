package micro

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/gobwas/ws"

	"resty.websocket/frame"
)

// headers are one of each length form, masked as a client's are.
var headers = []frame.Header{
	{Fin: true, Opcode: frame.Text, Masked: true, MaskKey: [4]byte{1, 2, 3, 4}, Length: 125},
	{Fin: true, Opcode: frame.Text, Masked: true, MaskKey: [4]byte{1, 2, 3, 4}, Length: 16 << 10},
	{Fin: true, Opcode: frame.Text, Masked: true, MaskKey: [4]byte{1, 2, 3, 4}, Length: 1 << 20},
}

func BenchmarkParseHeader(b *testing.B) {
	for _, h := range headers {
		wire := frame.AppendHeader(nil, h)
		b.Run(fmt.Sprintf("lib=resty/length=%d", h.Length), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got, _, err := frame.ParseHeader(wire); err != nil || got != h {
					b.Fatal(got, err)
				}
			}
		})
		b.Run(fmt.Sprintf("lib=gobwas/length=%d", h.Length), func(b *testing.B) {
			b.ReportAllocs()
			r, scratch := bytes.NewReader(wire), make([]byte, ws.MaxHeaderSize)
			for b.Loop() {
				r.Reset(wire)
				if got, err := ws.ReadHeaderBuffer(r, scratch); err != nil || got.Length != h.Length {
					b.Fatal(got, err)
				}
			}
		})
	}
}

func BenchmarkAppendHeader(b *testing.B) {
	for _, h := range headers {
		b.Run(fmt.Sprintf("lib=resty/length=%d", h.Length), func(b *testing.B) {
			b.ReportAllocs()
			dst := make([]byte, 0, ws.MaxHeaderSize)
			for b.Loop() {
				dst = frame.AppendHeader(dst[:0], h)
			}
		})
		b.Run(fmt.Sprintf("lib=gobwas/length=%d", h.Length), func(b *testing.B) {
			b.ReportAllocs()
			var dst bytes.Buffer
			scratch := make([]byte, ws.MaxHeaderSize)
			theirs := ws.Header{Fin: true, OpCode: ws.OpText, Masked: true, Mask: h.MaskKey, Length: h.Length}
			for b.Loop() {
				dst.Reset()
				if err := ws.WriteHeaderBuffer(&dst, theirs, scratch); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
