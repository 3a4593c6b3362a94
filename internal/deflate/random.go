package deflate

// sampleBytes is the approximate number of bytes that looksRandom looks at.
const sampleBytes = 512

// looksRandom reports whether the bytes of p are distributed as evenly as those of
// compressed or encrypted data, which does not shrink. It counts the pairs of equal
// bytes in a sample. They are 1 in 256 of all pairs in random bytes, 1 in 64 in base64
// and 1 in 15 in English text.
func looksRandom(p []byte) bool {
	var seen [256]uint16
	n, equal := 0, 0
	step := len(p)/sampleBytes | 1 // odd, so that it is no multiple of an even length of records
	for i := 0; i < len(p); i += step {
		equal += int(seen[p[i]])
		seen[p[i]]++
		n++
	}
	return equal <= n*(n-1)/256
}
