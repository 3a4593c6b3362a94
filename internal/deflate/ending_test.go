package deflate

import "testing"

// A final block that lacks exactly the octets of the ending is an error. The ending must
// not complete it.
func TestEndingIsNoData(t *testing.T) {
	var stored, huffman bitWriter
	stored.write(1|storedBlock, 8)
	stored.write(uint64(len(ending)), 16)
	stored.write(uint64(^uint16(len(ending))), 16)
	huffman.finalWithoutEnding()
	for _, tt := range []struct {
		name    string
		payload []byte
		want    error
	}{
		{"1951_3.2.4/stored", stored.out, ErrTruncated},
		{"1951_3.2.4/stored_whole", append(stored.out, ending...), nil},
		{"1951_3.2.7/dynamic", huffman.out, ErrTruncated},
		{"1951_3.2.7/dynamic_whole", append(huffman.out, ending...), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := Decompressor{Takeover: true}
			d.past.write(records(1<<15), 1<<15)
			if got, err := d.Decompress(nil, tt.payload, -1); err != tt.want {
				t.Errorf("%d bytes, %v, want %v", len(got), err, tt.want)
			}
		})
	}
}

// finalWithoutEnding appends a final block that the ending would complete. To its codes
// the ending is a sequence of matches, and the ones at its end, of which nine end the
// block.
func (w *bitWriter) finalWithoutEnding() {
	literals, distances := make([]int, 285), make([]int, 30)
	copy(literals, []int{2, 3, 4, 5, 6, 7, 8, 9}) // 10, 110, and so on
	literals[256] = 9                             // the end of the block: 111111111
	literals[284] = 1                             // a length, with 5 extra bits: 0
	distances[0] = 1                              // 0
	distances[29] = 1                             // with 13 extra bits: 1
	w.dynamic(1, literals, distances)
	for w.n != 2 {
		w.code(0b110, 3)
	}
	w.write(0, 6) // a match, save for the distance, which is the next bit
}
