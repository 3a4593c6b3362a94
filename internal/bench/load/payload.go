package load

import (
	"fmt"
	"math/rand/v2"
	"unicode/utf8"
)

// A Payload is a kind of content. All messages are text.
type Payload string

const (
	Text     Payload = "text"     // ASCII alone
	NonASCII Payload = "nonascii" // Greek, Chinese and emoji
	JSON     Payload = "json"     // JSON, records of changing values
)

const (
	asciiLine    = "The quick brown fox jumps over the lazy dog; {\"id\": 1234567890, \"name\": \"value\"}\n"
	nonASCIILine = "Η γρήγορη καφέ αλεπού 敏捷的棕色狐狸跳过了懒狗 🦊🐕🌍😀 πηδά πάνω από το σκυλί 你好世界 🚀"
)

// bytes returns size bytes of content. Payloads of different seeds differ, so that a reply meant for another connection,
// or left over from another message, does not pass for the right one.
func (p Payload) bytes(size int, seed uint64) []byte {
	switch p {
	case JSON:
		return Records(size, seed)
	case NonASCII:
		return repeatRunes([]rune(nonASCIILine), size, seed)
	default:
		return repeatRunes([]rune(asciiLine), size, seed)
	}
}

// Records returns an array of JSON objects, cut off at size.
func Records(size int, seed uint64) []byte {
	random := rand.New(rand.NewPCG(seed, 7692))
	b := append(make([]byte, 0, size+128), '[')
	for id := seed; len(b) < size; id++ {
		b = fmt.Appendf(b, `{"id":%d,"user":"user%d","price":%.2f,"active":%t,"time":"2025-%02d-%02dT%02d:00:00Z"},`,
			id, random.IntN(1000), 100*random.Float64(), random.IntN(2) == 0, 1+random.IntN(12), 1+random.IntN(28), random.IntN(24))
	}
	return b[:size]
}

// repeatRunes starts seed runes into the line. If the next rune would go past size, it fills up with ASCII.
func repeatRunes(line []rune, size int, seed uint64) []byte {
	b := make([]byte, 0, size+utf8.UTFMax)
	for i := seed; len(b) < size; i++ {
		r := line[i%uint64(len(line))]
		if len(b)+utf8.RuneLen(r) > size {
			r = '.'
		}
		b = utf8.AppendRune(b, r)
	}
	return b
}
