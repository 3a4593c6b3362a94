package deflate

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// payloads are consecutive messages of a connection with context takeover.
var payloads = []struct {
	name     string
	payloads []string
	want     string // of the last payload
}{
	// BFINAL 0, BTYPE 01, five literals, end of block; BTYPE 00.
	{"7.2.3.1/one_block", []string{"f2 48 cd c9 c9 07 00"}, "Hello"},
	// The same in two frames, cut anywhere.
	{"7.2.3.1/two_frames", []string{"f2 48 cd" + "c9 c9 07 00"}, "Hello"},
	{"7.2.3.2/shared_window_first_again", []string{"f2 48 cd c9 c9 07 00", "f2 48 cd c9 c9 07 00"}, "Hello"},
	// A match of 5 bytes, 5 bytes back, in the window of the first message.
	{"7.2.3.2/shared_window", []string{"f2 48 cd c9 c9 07 00", "f2 00 11 00 00"}, "Hello"},
	// BTYPE 00, LEN 5, NLEN, "Hello"; BTYPE 00.
	{"7.2.3.3/stored_block", []string{"00 05 00 fa ff 48 65 6c 6c 6f 00"}, "Hello"},
	// BFINAL 1; the last octet is the header of an empty stored block.
	{"7.2.3.4/final_block", []string{"f3 48 cd c9 c9 07 00 00"}, "Hello"},
	{"7.2.3.4/final_block_alone", []string{"f3 48 cd c9 c9 07 00"}, "Hello"},
	{"7.2.3.4/final_then_another", []string{"f3 48 cd c9 c9 07 00" + "f2 48 cd c9 c9 07 00"}, "HelloHello"},
	{"7.2.3.4/final_keeps_window", []string{"f3 48 cd c9 c9 07 00 00", "f2 00 11 00 00"}, "Hello"},
	// The header of the empty stored block has BFINAL 1.
	{"7.2.3.4/final_stored_header", []string{"f2 48 05 04"}, "He"},
	// "He", an empty stored block left whole, "llo".
	{"7.2.3.5/two_blocks", []string{"f2 48 05 00 00 00 ff ff ca c9 c9 07 00"}, "Hello"},
	{"7.2.3.6/empty", []string{"00"}, ""},
	// zlib's flush of the second of two consecutive empty messages.
	{"7.2.3.6/no_octets", []string{""}, ""},
	{"7.2.3.6/empty_between", []string{"f2 48 cd c9 c9 07 00", "00", "f2 00 11 00 00"}, "Hello"},
	// Padding may have any value.
	{"7.2.3.6/padding", []string{"f8"}, ""},
}

func TestDecompress(t *testing.T) {
	for _, tt := range payloads {
		t.Run(tt.name, func(t *testing.T) {
			d := Decompressor{Takeover: true}
			var got []byte
			for _, p := range tt.payloads {
				var err error
				if got, err = d.Decompress([]byte("dst"), unhex(t, p), -1); err != nil {
					t.Fatalf("payload %s: %v", p, err)
				}
			}
			if string(got) != "dst"+tt.want {
				t.Errorf("message %q, want %q after dst", got, tt.want)
			}
		})
	}
}

// A payload that was cut off is an error, unless its beginning is a message.
func TestDecompressCut(t *testing.T) {
	complete := map[string]int{
		"7.2.3.3/stored_block":       1, // an empty message
		"7.2.3.4/final_block":        7,
		"7.2.3.4/final_then_another": 7,
		"7.2.3.5/two_blocks":         4, // up to the empty stored block's header
	}
	for _, tt := range payloads {
		last := unhex(t, tt.payloads[len(tt.payloads)-1])
		for cut := 1; cut < len(last); cut++ {
			if tt.name == "7.2.3.3/stored_block" && cut == 6 {
				continue // see TestDecompressEnding
			}
			d := Decompressor{Takeover: true}
			for _, p := range tt.payloads[:len(tt.payloads)-1] {
				d.Decompress(nil, unhex(t, p), -1)
			}
			got, err := d.Decompress(nil, last[:cut], -1)
			if cut == complete[tt.name] {
				if err != nil {
					t.Errorf("%s, %d octets: %v", tt.name, cut, err)
				}
			} else if err != ErrTruncated {
				t.Errorf("%s, %d octets: %q, %v", tt.name, cut, got, err)
			}
		}
	}
}

// The four octets appended to the payload are data like any others (RFC 7692, Section
// 7.2.2). They complete a stored block that lacks exactly these.
func TestDecompressEnding(t *testing.T) {
	var d Decompressor
	got, err := d.Decompress(nil, unhex(t, "00 05 00 fa ff 48"), -1)
	if err != nil || string(got) != "H"+tail {
		t.Errorf("message %q, %v", got, err)
	}
}

func TestDecompressErrors(t *testing.T) {
	for _, tt := range []struct {
		name, payload string
		want          error
	}{
		{"1951_3.2.3/reserved_block", "07", ErrCorrupt},
		{"1951_3.2.3/garbage_after_final", "f3 48 cd c9 c9 07 00 ff", ErrCorrupt},
		{"1951_3.2.3/before_first_byte", "f2 00 11 00 00", ErrCorrupt},
		{"1951_3.2.4/complement", "00 05 00 fa fe 48 65 6c 6c 6f 00", ErrCorrupt},
		{"1951_3.2.4/tail_not_removed", "00 00 00 ff ff", ErrTruncated},
		{"1951_3.2.4/short", "00 05 00 fa ff 48 65", ErrTruncated},
		{"1951_3.2.4/no_length", "00 05 00", ErrTruncated},
		{"1951_3.2.4/final_lacks_one", "01 01 00 fe ff", ErrTruncated},
		{"1951_3.2.4/cut_after_final", "f3 48 cd c9 c9 07 00 f2 48", ErrTruncated},
		{"1951_3.2.5/only_header_bits", "f2 48 cd c9 c9 07", ErrTruncated},
		// Fixed block: literal 'a' (10010001), then symbol 286 (11000110).
		{"1951_3.2.5/length_286", "4b 1c 03 00 00", ErrCorrupt},
		// Literal 'a', length 3 (0000001), distance symbol 30 (11110).
		{"1951_3.2.5/distance_30", "4b 04 3e 00 00", ErrCorrupt},
		// BTYPE 10; HLIT 30.
		{"1951_3.2.7/hlit_30", "f4 00 00 00", ErrCorrupt},
		// HDIST 30.
		{"1951_3.2.7/hdist_30", "04 1e 00 00", ErrCorrupt},
		// Four code length codes of 1 bit.
		{"1951_3.2.7/oversubscribed", "04 00 92 04 00 00 00 00", ErrCorrupt},
		// No code at all for the code lengths.
		{"1951_3.2.7/no_length_code", "04 00 00 00 00 00 00 00", ErrCorrupt},
		// The first code length repeats the one before.
		{"1951_3.2.7/repeats_nothing", "04 00 02 00 00 00 00 00", ErrCorrupt},
		{"1951_3.2.7/cut", "04 00", ErrTruncated},
		{"1951_3.2.7/cut_in_lengths", "04 20 12", ErrTruncated},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d Decompressor
			got, err := d.Decompress([]byte("dst"), unhex(t, tt.payload), -1)
			if err != tt.want {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if string(got) != "dst" {
				t.Errorf("dst became %q", got)
			}
		})
	}
}

// No more than the window is kept between messages, so a distance beyond it is an
// error.
func TestDecompressWindow(t *testing.T) {
	for bits := 8; bits <= 15; bits++ {
		for _, more := range []int{0, 1} {
			if more == 1 && bits == 15 {
				continue // DEFLATE has no longer distance
			}
			t.Run(fmt.Sprintf("7.1.2/bits=%d/more=%d", bits, more), func(t *testing.T) {
				distance := 1<<bits + more
				before := noise(rand.New(rand.NewPCG(2, 2)), distance)
				var first, second bitWriter
				first.stored(before)
				first.end()
				second.match(distance)
				second.end()
				d := Decompressor{WindowBits: bits, Takeover: true}
				if _, err := d.Decompress(nil, first.out, -1); err != nil {
					t.Fatal(err)
				}
				got, err := d.Decompress(nil, second.out, -1)
				if more == 0 && (err != nil || !bytes.Equal(got, before[:3])) {
					t.Errorf("distance %d: %x, %v", distance, got, err)
				}
				if more == 1 && err != ErrCorrupt {
					t.Errorf("distance %d: %x, %v", distance, got, err)
				}
			})
		}
	}
}

// A final block does not end the window, neither the part in the same message nor the
// part in the messages before.
func TestDecompressFinalKeepsWindow(t *testing.T) {
	text := noise(rand.New(rand.NewPCG(3, 3)), 40_000)
	for _, tt := range []struct {
		name     string
		takeover bool
		bits     int
		message  int // bytes before the final block
		distance int
		want     error
	}{
		{"within_message", false, 15, 300, 300, nil},
		{"before_message", false, 15, 300, 301, ErrCorrupt},
		{"full_window", false, 15, 40_000, 1 << 15, nil},
		{"small_window", false, 9, 1000, 512, nil},
		{"beyond_small_window", false, 9, 1000, 513, ErrCorrupt},
		{"into_last_message", true, 15, 300, 1000, nil},
		{"takeover_full_window", true, 15, 300, 1 << 15, nil},
	} {
		t.Run("7.2.3.4/"+tt.name, func(t *testing.T) {
			var first, w bitWriter
			first.stored(text)
			first.end()
			w.stored(text[:tt.message])
			w.write(1|fixedBlock, 3) // an empty final block
			w.write(0, 7)
			w.write(0, -w.n&7)
			w.match(tt.distance)
			w.end()
			d := Decompressor{WindowBits: tt.bits, Takeover: tt.takeover}
			if _, err := d.Decompress(nil, first.out, -1); err != nil {
				t.Fatal(err)
			}
			got, err := d.Decompress(bytes.Repeat([]byte("x"), 100), w.out, -1)
			if err != tt.want {
				t.Fatalf("error %v, want %v", err, tt.want)
			}
			got = got[100:]
			all := append(text[:len(text):len(text)], text[:tt.message]...)
			if want := all[len(all)-tt.distance:][:3]; err == nil && !bytes.Equal(got[tt.message:], want) {
				t.Errorf("copied %x, want %x", got[tt.message:], want)
			}
		})
	}
}

// Messages that compress/flate has compressed arrive, at every level, with takeover and
// without, and cut anywhere.
func TestDecompressFromStandardLibrary(t *testing.T) {
	text := records(1 << 18)
	for level := -2; level <= 9; level++ {
		for _, takeover := range []bool{false, true} {
			t.Run(fmt.Sprintf("level=%d/takeover=%v", level, takeover), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(level+2), 3))
				s := newStdSender(t, level, takeover)
				d := Decompressor{Takeover: takeover}
				for i := range 30 {
					p := someMessage(r, text)
					cut := r.IntN(len(p) + 1)
					payload := s.payload(p[:cut], p[cut:])
					before := bytes.Clone(payload)
					got, err := d.Decompress(nil, payload, len(p))
					if err != nil || !bytes.Equal(got, p) {
						t.Fatalf("message %d of %d bytes: %d bytes, %v", i, len(p), len(got), err)
					}
					if !bytes.Equal(payload, before) {
						t.Fatal("the payload was modified")
					}
				}
			})
		}
	}
}

func TestDecompressorClose(t *testing.T) {
	d := Decompressor{Takeover: true}
	if _, err := d.Decompress(nil, unhex(t, "f2 48 cd c9 c9 07 00"), -1); err != nil {
		t.Fatal(err)
	}
	d.Close()
	if d.past.buf != nil {
		t.Errorf("%d bytes are held after Close", cap(d.past.buf))
	}
	if _, err := d.Decompress(nil, unhex(t, "f2 00 11 00 00"), -1); err != ErrCorrupt {
		t.Errorf("after Close: %v, want %v", err, ErrCorrupt)
	}
}
