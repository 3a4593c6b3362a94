package deflate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"resty.websocket/internal/wiretest"
)

// TestMain fails if a goroutine is left, which that of a Reader would be.
func TestMain(m *testing.M) { wiretest.Main(m) }

// readPieces is Decompress by means of a Reader, with the payload in pieces of n bytes.
func readPieces(d *Decompressor, payload []byte, n, limit int) ([]byte, error) {
	r := d.Begin(limit)
	defer r.Close()
	var out []byte
	for {
		p, err := r.Next()
		switch {
		case err == io.EOF:
			return out, nil
		case err != nil && err != ErrMore:
			return nil, err
		case err == nil:
			out = append(out, p...)
			continue
		}
		// The piece is in memory that will be used again.
		piece := bytes.Clone(payload[:min(n, len(payload))])
		payload = payload[len(piece):]
		r.Feed(piece, len(payload) == 0)
		defer clear(piece)
	}
}

// TestReader reads each payload of RFC 7692 in pieces of each size.
func TestReader(t *testing.T) {
	for _, tt := range payloads {
		t.Run(tt.name, func(t *testing.T) {
			for n := 1; n < 20; n++ {
				d := Decompressor{Takeover: true}
				var got []byte
				for _, p := range tt.payloads {
					var err error
					if got, err = readPieces(&d, unhex(t, p), n, -1); err != nil {
						t.Fatalf("payload %s in pieces of %d: %v", p, n, err)
					}
				}
				if string(got) != tt.want {
					t.Errorf("in pieces of %d: %q, want %q", n, got, tt.want)
				}
			}
		})
	}
}

// TestReaderCut ends each payload after each byte, in a last piece of its own that is
// empty. The result is that of Decompress.
func TestReaderCut(t *testing.T) {
	for _, tt := range payloads {
		last := unhex(t, tt.payloads[len(tt.payloads)-1])
		for cut := range last {
			for _, empty := range []bool{false, true} {
				whole, pieces := Decompressor{Takeover: true}, Decompressor{Takeover: true}
				for _, p := range tt.payloads[:len(tt.payloads)-1] {
					whole.Decompress(nil, unhex(t, p), -1)
					readPieces(&pieces, unhex(t, p), 3, -1)
				}
				want, wantErr := whole.Decompress(nil, last[:cut], -1)
				r := pieces.Begin(-1)
				r.Feed(last[:cut], !empty)
				var got []byte
				p, err := r.Next()
				for ; err == nil || err == ErrMore; p, err = r.Next() {
					got = append(got, p...)
					if err == ErrMore {
						r.Feed(nil, true)
					}
				}
				if err == io.EOF && (wantErr != nil || !bytes.Equal(got, want)) || err != io.EOF && err != wantErr {
					t.Errorf("%s, %d octets: %q, %v, want %q, %v", tt.name, cut, got, err, want, wantErr)
				}
			}
		}
	}
}

// TestReaderLimit holds that no byte beyond the limit is returned.
func TestReaderLimit(t *testing.T) {
	const n = 70_000
	message := records(n)
	payload := payloadOf(message, 6)
	for _, limit := range []int{0, 1, 32767, 32768, 32769, n - 1, n, n + 1, -1} {
		var d Decompressor
		r := d.Begin(limit)
		r.Feed(payload, true)
		read := 0
		p, err := r.Next()
		for ; err == nil; p, err = r.Next() {
			read += len(p)
		}
		want := io.EOF
		if limit >= 0 && limit < n {
			want = ErrTooLarge
		}
		if err != want || want == io.EOF && read != n || limit >= 0 && read > limit {
			t.Errorf("limit %d: %d bytes, %v, want %v", limit, read, err, want)
		}
		if _, again := r.Next(); again != err {
			t.Errorf("limit %d: Next again: %v, want %v", limit, again, err)
		}
	}
}

// TestReaderFromStandardLibrary alternates between Decompress and Readers on one
// connection.
func TestReaderFromStandardLibrary(t *testing.T) {
	text := records(1 << 18)
	for level := -2; level <= 9; level++ {
		for _, takeover := range []bool{false, true} {
			t.Run(fmt.Sprintf("level=%d/takeover=%v", level, takeover), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(level+2), 4))
				s := newStdSender(t, level, takeover)
				d := Decompressor{Takeover: takeover}
				for i := range 30 {
					p := someMessage(r, text)
					payload := s.payload(p)
					var got []byte
					var err error
					switch i % 3 {
					case 0:
						got, err = d.Decompress(nil, payload, len(p))
					case 1:
						got, err = readPieces(&d, payload, 1+r.IntN(1+len(payload)), len(p))
					case 2:
						got, err = readPieces(&d, payload, 1+r.IntN(50), len(p))
						d.CompressWindow()
					}
					if err != nil || !bytes.Equal(got, p) {
						t.Fatalf("message %d of %d bytes: %d bytes, %v", i, len(p), len(got), err)
					}
				}
			})
		}
	}
}

// TestReaderClose closes a Reader at each point of a message. The bytes that Next has
// returned remain, and TestMain finds no goroutine left.
func TestReaderClose(t *testing.T) {
	payload := payloadOf(records(100_000), 1)
	for cut := 0; cut < len(payload); cut += 997 {
		var d Decompressor
		r := d.Begin(-1)
		r.Feed(payload[:cut], false)
		p, err := r.Next()
		before := bytes.Clone(p)
		r.Close()
		for range 10 { // other Readers may use its memory
			readPieces(new(Decompressor), payload, 1000, -1)
		}
		if !bytes.Equal(p, before) {
			t.Fatal("the bytes have changed")
		}
		if err != nil && err != ErrMore {
			t.Fatalf("Next: %v", err)
		}
		if _, err := r.Next(); !errors.Is(err, errClosed) {
			t.Errorf("Next after Close: %v", err)
		}
		r.Close()
	}
}

// TestReaderAllocates nothing for each piece.
func TestReaderAllocates(t *testing.T) {
	payload := payloadOf(bytes.Repeat([]byte("all work and no play "), 100_000), -2)
	pieces := slices.Collect(slices.Chunk(payload, 1000))
	var d Decompressor
	r := d.Begin(-1)
	defer r.Close()
	i := 0
	read := func() {
		p, err := r.Next()
		for ; err == nil; p, err = r.Next() {
			if len(p) == 0 {
				t.Fatal("nothing was returned")
			}
		}
		if err != ErrMore {
			t.Fatal(err)
		}
		r.Feed(pieces[i], false)
		i++
	}
	for range 100 {
		read()
	}
	if n := testing.AllocsPerRun(500, read); n > 0 {
		t.Errorf("%v allocations for each piece", n)
	}
}
