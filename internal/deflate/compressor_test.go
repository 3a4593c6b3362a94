package deflate

import (
	"bytes"
	"compress/flate"
	"fmt"
	"math/rand/v2"
	"testing"
)

// payloadOf compresses p with a fresh encoder, even if that makes it longer.
func payloadOf(p []byte, level int) []byte {
	out, _ := freshEncoder(level).compress(nil, p, len(p), 2*len(p)+100)
	return out
}

func TestCompressPayload(t *testing.T) {
	for _, tt := range []struct {
		name, message string
		level         int
		want          string
	}{
		// A fixed block of five literals; the header of the empty stored block.
		{"7.2.3.1/one_block", "Hello", 9, "f2 48 cd c9 c9 07 00"},
		// Level 1 stores so short a message.
		{"7.2.3.3/stored_block", "Hello", 1, "00 05 00 fa ff 48 65 6c 6c 6f 00"},
		{"7.2.3.6/empty", "", 1, "00"},
		{"7.2.3.6/empty_level_6", "", 6, "00"},
		{"7.2.3.6/empty_huffman", "", flate.HuffmanOnly, "00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, want := payloadOf([]byte(tt.message), tt.level), unhex(t, tt.want); !bytes.Equal(got, want) {
				t.Errorf("payload %x, want %x", got, want)
			}
		})
	}
}

func TestCompressDeclines(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, takeover := range []bool{false, true} {
		for _, bits := range []int{8, 11, 15} {
			for _, level := range []int{-2, 1, 6} {
				for _, n := range []int{0, 1, 2, 5, 100, 1 << 10, 1<<16 - 1, 1 << 16, 200_000} {
					c := Compressor{Level: level, WindowBits: bits, Takeover: takeover, Cache: new(Cache)}
					dst := []byte("before")
					out, shrunk := c.Compress(dst, noise(r, n))
					if shrunk || string(out) != "before" {
						t.Errorf("level %d, %d random bytes: shrunk %v, dst of %d bytes", level, n, shrunk, len(out))
					}
					if most := 2 * (n + 100); cap(out) > most {
						t.Errorf("%d random bytes: dst has grown to %d", n, cap(out))
					}
				}
			}
		}
	}
}

// The payload is always shorter than the message. One byte less is enough.
func TestCompressDeclinesAtLength(t *testing.T) {
	text := records(1 << 16)
	for _, level := range []int{1, 6} {
		declined, sent := 0, 0
		for n := 17; n < 400; n++ {
			p := text[n*100:][:n]
			want := payloadOf(p, level)
			c := Compressor{Level: level}
			got, shrunk := c.Compress([]byte("dst"), p)
			got = got[len("dst"):]
			if shrunk != (len(want) < n) || shrunk && !bytes.Equal(got, want) {
				t.Errorf("level %d, %d bytes: shrunk %v to %d, want %d", level, n, shrunk, len(got), len(want))
			}
			if shrunk {
				sent++
			} else {
				declined++
			}
		}
		if declined == 0 || sent == 0 {
			t.Errorf("level %d: %d declined, %d sent, so nothing was compared", level, declined, sent)
		}
	}
}

// A message does not refer to declined ones, which the peer has not received.
func TestDeclinedLeavesNoTrace(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	text := records(1 << 18)
	for _, level := range []int{1, 2, 6} {
		c := Compressor{Level: level, Takeover: true, Cache: new(Cache)}
		d := Decompressor{Takeover: true}
		declined := 0
		for i := range 400 {
			hidden := noise(r, 1+r.IntN(40))
			if _, shrunk := c.Compress(nil, hidden); shrunk {
				t.Fatal("random bytes shrank")
			}
			if !looksRandom(hidden) {
				declined++
			}
			p := append(text[i*100:][:300:300], hidden...)
			roundTrip(t, &c, &d, p)
		}
		if declined == 0 {
			t.Error("no encoder was started in vain")
		}
	}
}

// A message that is declined for looking random leaves the window as it is. One that
// is declined after encoding costs the window.
func TestDeclinedWindow(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	p := records(1000)
	for _, tt := range []struct {
		name    string
		between []byte
		kept    bool
	}{
		{"random", noise(r, 1000), true},
		{"empty", nil, true},
		{"one_byte", []byte("x"), true},
		{"tried", []byte("zqzwzxzk"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := Compressor{Level: 6, Takeover: true, Cache: unswept()}
			c.Compress(nil, p)
			if _, shrunk := c.Compress(nil, tt.between); shrunk {
				t.Fatal("the message between shrank")
			}
			if kept := c.slot.encoder != nil; kept != tt.kept {
				t.Errorf("window kept: %v", kept)
			}
			if kept := remembers(&c, p); kept != tt.kept {
				t.Errorf("window used: %v", kept)
			}
		})
	}
}

// Messages of every kind arrive at compress/flate, with all parameters.
func TestCompressToStandardLibrary(t *testing.T) {
	text := records(1 << 18)
	for level := -3; level <= 10; level++ {
		for _, takeover := range []bool{false, true} {
			for _, bits := range []int{0, 8, 11} {
				t.Run(fmt.Sprintf("level=%d/takeover=%v/bits=%d", level, takeover, bits), func(t *testing.T) {
					compressToStandardLibrary(t, Compressor{Level: level, Takeover: takeover, WindowBits: bits, Cache: new(Cache)}, text)
				})
			}
		}
	}
}

func compressToStandardLibrary(t *testing.T, c Compressor, text []byte) {
	r := rand.New(rand.NewPCG(uint64(c.Level), uint64(c.WindowBits)))
	var std stdReceiver
	own := Decompressor{Takeover: c.Takeover, WindowBits: c.WindowBits}
	for i := range 20 {
		p := someMessage(r, text)
		before := bytes.Clone(p)
		payload, shrunk := roundTrip(t, &c, &own, p)
		if !bytes.Equal(p, before) {
			t.Fatal("the message was modified")
		}
		if !shrunk {
			continue
		}
		if len(payload) >= len(p) {
			t.Fatalf("message %d: payload of %d bytes for %d", i, len(payload), len(p))
		}
		var got []byte
		var err error
		if c.Takeover {
			got, err = std.message(payload, len(p))
		} else {
			got, err = stdInflate(payload)
		}
		if err != nil || !bytes.Equal(got, p) {
			t.Fatalf("message %d of %d bytes: compress/flate has %d bytes, %v", i, len(p), len(got), err)
		}
	}
}

// A payload does not depend on what the encoder did before, so that nothing of one
// connection shows in another.
func TestCompressIsDeterministic(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	text := records(1 << 18)
	for _, level := range []int{-2, 1, 6} {
		c := Compressor{Level: level}
		for range 30 {
			p := someMessage(r, text)
			got, shrunk := c.Compress(nil, p)
			if want := newStdSender(t, level, true).payload(p); shrunk && !bytes.Equal(got, want) {
				t.Fatalf("level %d, %d bytes: %d bytes from a used encoder, %d from a new one", level, len(p), len(got), len(want))
			}
		}
	}
}

// Noise that repeats itself looks random. It is compressed where that costs no window.
func TestCompressRepeatedNoise(t *testing.T) {
	p := bytes.Repeat(noise(rand.New(rand.NewPCG(17, 18)), 1<<14), 2)
	if !looksRandom(p) {
		t.Fatal("the message does not look random, so nothing is tested")
	}
	for _, c := range []Compressor{{Level: 6}, {Level: 6, Takeover: true, Cache: unswept()}} {
		if payload, shrunk := c.Compress(nil, p); shrunk == c.Takeover {
			t.Errorf("takeover %v: shrunk %v to %d of %d bytes", c.Takeover, shrunk, len(payload), len(p))
		}
	}
}

// With the smallest window, messages are Huffman coded in one piece.
func TestCompressSmallestWindow(t *testing.T) {
	p := records(3000)
	want := payloadOf(p, flate.HuffmanOnly)
	for _, level := range []int{-2, 0, 1, 9} {
		c := Compressor{Level: level, WindowBits: MinWindowBits}
		if got, shrunk := c.Compress(nil, p); !shrunk || !bytes.Equal(got, want) {
			t.Errorf("level %d: shrunk %v to %d bytes, want %d", level, shrunk, len(got), len(want))
		}
	}
}

// Parameters out of range mean the nearest in range, and zero the default.
func TestParameters(t *testing.T) {
	for _, tt := range []struct{ bits, level, wantBits, wantLevel int }{
		{-1, -3, 15, -2},
		{0, -2, 15, -2},
		{0, -1, 15, -1},
		{0, 0, 15, 1},
		{15, 1, 15, 1},
		{15, 6, 15, 6},
		{16, 9, 15, 9},
		{15, 10, 15, 9},
		{14, 9, 14, 1},
		{9, 0, 9, 1},
		{9, -2, 9, -2},
		{8, 6, 8, -2},
		{7, 0, 8, -2},
		{1, 0, 8, -2},
	} {
		c := Compressor{Level: tt.level, WindowBits: tt.bits}
		if bits, level := windowBits(c.WindowBits), c.level(); bits != tt.wantBits || level != tt.wantLevel {
			t.Errorf("%d bits, level %d: used as %d bits, level %d, want %d and %d", tt.bits, tt.level, bits, level, tt.wantBits, tt.wantLevel)
		}
	}
}
