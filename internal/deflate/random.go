package deflate

// sampleBytes is about how many bytes looksRandom looks at.
const sampleBytes = 512

// looksRandom reports whether the values of p's bytes are spread as evenly as
// those of compressed or encrypted data, which does not shrink. It counts pairs
// of equal bytes in a sample: of random bytes 1 pair in 256 is one, of base64 1
// in 64, of English text 1 in 15.
func looksRandom(p []byte) bool {
	var seen [256]uint16
	n, equal := 0, 0
	step := len(p)/sampleBytes | 1 // odd, so as not to fall in step with records
	for i := 0; i < len(p); i += step {
		equal += int(seen[p[i]])
		seen[p[i]]++
		n++
	}
	return equal <= n*(n-1)/256
}
