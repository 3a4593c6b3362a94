package deflate

import (
	"bytes"
	"compress/flate"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// unhex decodes a vector in hexadecimal, and ignores its spaces.
func unhex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatalf("vector %q: %v", s, err)
	}
	return b
}

// records returns n bytes of JSON such as programs send.
func records(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := []byte{'['}
	for i := 0; len(b) < n; i++ {
		b = fmt.Appendf(b, `{"id":%d,"name":"user-%x","email":"u%d@example.com","active":%v,"score":%.3f,"tags":["alpha","beta","%c"]},`,
			i*7, r.Uint32(), r.IntN(10000), r.IntN(2) == 0, r.Float64()*100, 'a'+r.IntN(26))
	}
	return b[:n]
}

// noise returns n random bytes, which do not shrink.
func noise(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// someMessage returns a message of random length that shrinks, or does not.
func someMessage(r *rand.Rand, text []byte) []byte {
	n := r.IntN(1 << r.IntN(17))
	switch r.IntN(6) {
	case 0:
		return noise(r, n)
	case 1:
		return bytes.Repeat([]byte{byte(r.Uint32())}, n)
	case 2:
		return append(noise(r, n/2), text[:n/2]...)
	}
	from := r.IntN(len(text) - n)
	return text[from : from+n]
}

// roundTrip compresses p with c, and fails unless d decompresses the payload to p. If
// c declines, shrunk is false and d is not called.
func roundTrip(t testing.TB, c *Compressor, d *Decompressor, p []byte) (payload []byte, shrunk bool) {
	t.Helper()
	payload, shrunk = c.Compress([]byte("dst"), p)
	payload = payload[len("dst"):]
	if !shrunk {
		return nil, false
	}
	got, err := d.Decompress(nil, payload, len(p))
	if err != nil || !bytes.Equal(got, p) {
		t.Fatalf("level %d, %d bits, message of %d bytes: Decompress has %d bytes, %v", c.Level, c.WindowBits, len(p), len(got), err)
	}
	return payload, true
}

// stdReceiver decompresses with compress/flate.
type stdReceiver struct {
	in bytes.Buffer
	r  io.ReadCloser
}

// reset empties the window.
func (s *stdReceiver) reset() {
	s.in.Reset()
	if s.r != nil {
		s.r.(flate.Resetter).Reset(&s.in, nil)
	}
}

// message decompresses the next payload of a connection with context takeover. The
// message has n bytes.
func (s *stdReceiver) message(payload []byte, n int) ([]byte, error) {
	if s.r == nil {
		s.r = flate.NewReader(&s.in)
	}
	s.in.Write(payload)
	s.in.WriteString(tail)
	out := make([]byte, n)
	_, err := io.ReadFull(s.r, out)
	return out, err
}

// stdInflate decompresses a payload that refers to no message before.
func stdInflate(payload []byte) ([]byte, error) {
	return io.ReadAll(flate.NewReader(strings.NewReader(string(payload) + tail + "\x01\x00\x00\xff\xff")))
}

// stdSender compresses with compress/flate.
type stdSender struct {
	out      bytes.Buffer
	w        *flate.Writer
	takeover bool
}

func newStdSender(t testing.TB, level int, takeover bool) *stdSender {
	s := &stdSender{takeover: takeover}
	w, err := flate.NewWriter(&s.out, level)
	if err != nil {
		t.Fatal(err)
	}
	s.w = w
	return s
}

// payload compresses the fragments of a message and flushes after each.
func (s *stdSender) payload(fragments ...[]byte) []byte {
	s.out.Reset()
	if !s.takeover {
		s.w.Reset(&s.out)
	}
	for _, p := range fragments {
		s.w.Write(p)
		s.w.Flush()
	}
	return bytes.TrimSuffix(s.out.Bytes(), []byte(tail))
}
