package frame

import (
	"bytes"
	"io"
	"testing"
)

// endless is an io.Reader that repeats some bytes for ever.
type endless struct {
	b   []byte
	pos int
}

func (r *endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		m := copy(p[n:], r.b[r.pos:])
		n += m
		r.pos = (r.pos + m) % len(r.b)
	}
	return n, nil
}

func masked(n int) []byte {
	return AppendFrame(nil, Header{Fin: true, Opcode: Text, Masked: true, MaskKey: testKey}, bytes.Repeat([]byte("a"), n))
}

func TestAllocations(t *testing.T) {
	const large = 65535
	var (
		h       = Header{Fin: true, Opcode: Text, Masked: true, MaskKey: testKey, Length: large}
		header  = AppendHeader(nil, h)
		payload = bytes.Repeat([]byte("a"), large)
		buf     = make([]byte, 0, maxHeaderLen+large)
		small   = NewReader(&endless{b: masked(100)}, Server, 0)
		big     = NewReader(&endless{b: masked(large)}, Server, 0)
		writer  = NewWriter(io.Discard, Server, 0)
		reason  = AppendClose(nil, StatusGoingAway, "")
	)
	for _, tt := range []struct {
		name string
		fn   func() error
	}{
		{"ParseHeader", func() error { _, _, err := ParseHeader(header); return err }},
		{"AppendHeader", func() error { AppendHeader(buf, h); return nil }},
		{"Mask", func() error { Mask(payload, testKey, 0); return nil }},
		{"AppendFrame", func() error { AppendFrame(buf, h, payload); return nil }},
		{"ParseClose", func() error { _, _, err := ParseClose(reason); return err }},
		{"AppendClose", func() error { AppendClose(buf, StatusGoingAway, "bye"); return nil }},
		{"ReadFrame/size=100", func() error { _, err := small.ReadFrame(); return err }},
		{"ReadFrame/size=65535", func() error { _, err := big.ReadFrame(); return err }},
		{"WriteFrame/size=100", func() error { _, err := writer.WriteFrame(true, Binary, payload[:100]); return err }},
		{"WriteFrame/size=65535", func() error { _, err := writer.WriteFrame(true, Binary, payload); return err }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var failed error
			run := func() {
				if err := tt.fn(); err != nil {
					failed = err
				}
			}
			for range 4 {
				run() // buffers grow to their size
			}
			if n := testing.AllocsPerRun(100, run); n != 0 || failed != nil {
				t.Errorf("%v allocations, error %v", n, failed)
			}
		})
	}
}
