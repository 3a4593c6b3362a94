package load

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"unicode/utf8"
)

// A Payload is a kind of message content.
type Payload string

const (
	Text     Payload = "text"     // text messages, ASCII alone
	NonASCII Payload = "nonascii" // text messages of Greek, Chinese and emoji
	JSON     Payload = "json"     // text messages of JSON, records of changing values
	Binary   Payload = "binary"   // binary messages of random bytes
)

const (
	asciiLine    = "The quick brown fox jumps over the lazy dog; {\"id\": 1234567890, \"name\": \"value\"}\n"
	nonASCIILine = "Η γρήγορη καφέ αλεπού 敏捷的棕色狐狸跳过了懒狗 🦊🐕🌍😀 πηδά πάνω από το σκυλί 你好世界 🚀"
)

// opcode returns the opcode of p's messages (RFC 6455, Section 5.2).
func (p Payload) opcode() byte {
	if p == Binary {
		return 0x2
	}
	return 0x1
}

// bytes returns size bytes of content. Payloads of different seeds differ, so that a reply meant for another connection,
// or left over from another message, does not pass for the right one.
func (p Payload) bytes(size int, seed uint64) []byte {
	switch p {
	case Binary:
		return randomBytes(size, seed)
	case JSON:
		return records(size, seed)
	case NonASCII:
		return repeatRunes([]rune(nonASCIILine), size, seed)
	default:
		return repeatRunes([]rune(asciiLine), size, seed)
	}
}

func randomBytes(size int, seed uint64) []byte {
	random := rand.New(rand.NewPCG(seed, 6455))
	b := make([]byte, 0, size+8)
	for len(b) < size {
		b = binary.LittleEndian.AppendUint64(b, random.Uint64())
	}
	return b[:size]
}

// records returns an array of objects, cut off at size.
func records(size int, seed uint64) []byte {
	random := rand.New(rand.NewPCG(seed, 7692))
	b := append(make([]byte, 0, size+128), '[')
	for id := seed; len(b) < size; id++ {
		b = fmt.Appendf(b, `{"id":%d,"user":"user%d","price":%.2f,"active":%t,"time":"2025-%02d-%02dT%02d:00:00Z"},`,
			id, random.IntN(1000), 100*random.Float64(), random.IntN(2) == 0, 1+random.IntN(12), 1+random.IntN(28), random.IntN(24))
	}
	return b[:size]
}

// repeatRunes starts seed runes into the line. Where the next rune would go past size, it fills up with ASCII.
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
