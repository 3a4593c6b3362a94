package load

import "encoding/binary"

// A flight is what a connection sends in one write, and what has to come back for it.
type flight struct {
	wire   []byte   // masked frames, one a message
	echoes [][]byte // each message's payload, in order
	due    int      // messages that come back
}

// The opcodes of messages, Pings and Pongs, and the bits that share a byte with it or with the length (RFC 6455, Section 5.2). Of a compressed message, rsv1
// is set in addition (RFC 7692, Section 6).
const fin, rsv1, text, ping, pong, masked = 0x80, 0x40, 0x1, 0x9, 0xa, 0x80

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
			opcode := byte(text)
			if s.Deflate != Plain {
				opcode |= rsv1
				payload = compress(payload)
			}
			all[i].wire = appendMasked(all[i].wire, opcode, 0x9d3f_71c5*uint32(seed+1), payload)
		}
	}
	return all
}

// appendMasked appends one final frame, masked as a client has to (RFC 6455, Section 5.3), with key's bytes in network
// order. The opcode may have rsv1 set.
func appendMasked(dst []byte, opcode byte, key uint32, payload []byte) []byte {
	dst = append(dst, fin|opcode)
	switch n := len(payload); {
	case n <= 125:
		dst = append(dst, masked|byte(n))
	case n <= 0xffff:
		dst = append(dst, masked|126)
		dst = binary.BigEndian.AppendUint16(dst, uint16(n))
	default:
		dst = append(dst, masked|127)
		dst = binary.BigEndian.AppendUint64(dst, uint64(n))
	}
	dst = binary.BigEndian.AppendUint32(dst, key)
	mask := dst[len(dst)-4:]
	for i, b := range payload {
		dst = append(dst, b^mask[i%4])
	}
	return dst
}
