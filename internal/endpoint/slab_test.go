package endpoint

import (
	"testing"

	"resty.websocket/internal/wiretest"
)

func TestGetSlab(t *testing.T) {
	for _, n := range []int{
		0, 1, 125, 511, 512, 513, 576, 577, 1024, 1088, 1089, 4095, 65535, 65536, 65550, 65600, 65601,
		1 << 20, 1<<20 + 1, 16<<20 + 64, 16<<20 + 65, 40 << 20,
	} {
		s := getSlab(n)
		if len(s.buf) < n || len(s.buf) > 2*max(n, minSlabLen)+slabSlack {
			t.Errorf("getSlab(%d) has %d bytes", n, len(s.buf))
		}
		if pooled := s.class < slabClasses; pooled != (n <= 16<<20+slabSlack) {
			t.Errorf("getSlab(%d) is pooled: %t", n, pooled)
		}
		s.free()
		if again := getSlab(n); len(again.buf) < n {
			t.Errorf("getSlab(%d) after free has %d bytes", n, len(again.buf))
		}
	}
	(*slab)(nil).free()
}

// scribbleSlabs takes all slabs without an owner out of the pool and writes
// garbage over them. It reports a slab that was given back twice.
func scribbleSlabs(t *testing.T) {
	t.Helper()
	seen := map[*slab]bool{}
	for class := range slabs {
		for s, ok := slabs[class].Get().(*slab); ok; s, ok = slabs[class].Get().(*slab) {
			if seen[s] {
				t.Fatalf("a slab of %d bytes was freed twice", len(s.buf))
			}
			seen[s] = true
			wiretest.Scribble(s.buf)
		}
	}
}
