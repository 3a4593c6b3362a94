package deflate

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// history holds the last bytes written, however they were cut.
func TestHistory(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, size := range []int{256, 512, 1 << 15} {
		var h history
		var all []byte
		for range 300 {
			p := noise(r, r.IntN(1<<r.IntN(17)))
			h.write(p, size)
			all = append(all, p...)
			if want := min(size, len(all)); len(h.buf) != want {
				t.Fatalf("window of %d bytes after %d, want %d", len(h.buf), len(all), want)
			}
			if most := min(size, 2*len(all)); cap(h.buf) > most {
				t.Fatalf("%d bytes held after %d", cap(h.buf), len(all))
			}
			if !bytes.HasSuffix(all, h.buf) {
				t.Fatalf("window of %d bytes after %d differs", len(h.buf), len(all))
			}
		}
	}
}
