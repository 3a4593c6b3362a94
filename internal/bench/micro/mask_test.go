package micro

import (
	"fmt"
	"testing"

	"github.com/gobwas/ws"

	"resty.websocket/frame"
)

var sizes = []int{16, 125, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 1 << 20}

func BenchmarkMask(b *testing.B) {
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	for _, size := range sizes {
		p, source := make([]byte, size), make([]byte, size)
		for _, bm := range []struct {
			lib string
			fn  func()
		}{
			{"resty", func() { frame.Mask(p, key, 0) }},
			{"gobwas", func() { ws.Cipher(p, key, 0) }},
			{"copy", func() { copy(p, source) }},
		} {
			b.Run(fmt.Sprintf("lib=%s/size=%d", bm.lib, size), func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					bm.fn()
				}
			})
		}
	}
}
