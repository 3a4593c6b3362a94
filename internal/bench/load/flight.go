package load

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"unicode/utf8"

	"resty.websocket/frame"
)

// A flight is what a connection sends in one write, and what has to come back for it.
type flight struct {
	wire   []byte   // masked frames, one a message
	echoes [][]byte // each message's payload, in order
	due    int      // messages that come back
}

// variants is how many different flights the connections share.
const variants = 8

// flights prepares the flights that s's connections take turns with.
func flights(s *Spec) []flight {
	all := make([]flight, min(variants, s.Conns))
	for i := range all {
		all[i].due = s.InFlight * max(s.Replies, 1)
		for j := range s.InFlight {
			seed := uint64(i*s.InFlight + j)
			payload := s.Payload.bytes(s.Size, seed)
			all[i].echoes = append(all[i].echoes, payload)
			h := frame.Header{Fin: true, Opcode: frame.Text, RSV1: s.Deflate != Plain, Masked: true}
			if h.RSV1 {
				payload = compress(payload)
			}
			binary.BigEndian.PutUint32(h.MaskKey[:], 0x9d3f_71c5*uint32(seed+1))
			all[i].wire = frame.AppendFrame(all[i].wire, h, payload)
		}
	}
	return all
}

// A Payload is a kind of content. All messages are text.
type Payload string

const (
	Text     Payload = "text"     // ASCII alone
	NonASCII Payload = "nonascii" // Greek, Chinese and emoji
	JSON     Payload = "json"     // JSON, records of changing values
)

var lines = map[Payload][]rune{
	Text:     []rune("The quick brown fox jumps over the lazy dog; {\"id\": 1234567890, \"name\": \"value\"}\n"),
	NonASCII: []rune("Η γρήγορη καφέ αλεπού 敏捷的棕色狐狸跳过了懒狗 🦊🐕🌍😀 πηδά πάνω από το σκυλί 你好世界 🚀"),
}

// bytes returns size bytes of content. Payloads of different seeds differ, so that a reply meant for another connection,
// or left over from another message, does not pass for the right one. A line starts with its rune of the seed's number.
// If the next rune would go past size, ASCII fills up.
func (p Payload) bytes(size int, seed uint64) []byte {
	if p == JSON {
		return Records(size, seed)
	}
	b, line := make([]byte, 0, size+utf8.UTFMax), lines[p]
	for i := seed; len(b) < size; i++ {
		r := line[i%uint64(len(line))]
		if len(b)+utf8.RuneLen(r) > size {
			r = '.'
		}
		b = utf8.AppendRune(b, r)
	}
	return b
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
