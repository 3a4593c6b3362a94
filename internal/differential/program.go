package differential

import (
	"encoding/binary"

	"resty.websocket/frame"
)

// A program writes a stream of frames, most of them good, as the bytes of a
// fuzzer's input tell it to. It is spent when all of them are used up.
type program []byte

// next takes a byte off p.
func (p *program) next() byte {
	if len(*p) == 0 {
		return 0
	}
	b := (*p)[0]
	*p = (*p)[1:]
	return b
}

// take takes up to n bytes off p.
func (p *program) take(n int) []byte {
	n = min(n, len(*p))
	b := (*p)[:n]
	*p = (*p)[n:]
	return b
}

// stream returns what p writes for a receiver with the given role. Three bytes
// make a frame: its first byte on the wire, its length, and what is wrong with
// it, if anything.
func (p program) stream(role frame.Role) []byte {
	var stream []byte
	for len(p) > 0 {
		stream = p.appendFrame(stream, role)
	}
	return stream
}

func (p *program) appendFrame(stream []byte, role frame.Role) []byte {
	first, length, fault := p.next(), p.next(), p.next()
	h := frame.Header{
		Fin:     first&0x80 != 0,
		Opcode:  []frame.Opcode{frame.Continuation, frame.Text, frame.Binary, frame.Close, frame.Ping, frame.Pong}[first&0x7f%6],
		Masked:  role == frame.Server,
		MaskKey: [4]byte{first, length, fault, 0x5a},
	}
	payload := append([]byte(nil), p.take(int(length))...)
	if h.Opcode.IsControl() {
		h.Fin = true
		payload = payload[:min(len(payload), 125)]
	} else if length == 255 { // a form of the length that nothing else reaches
		payload = append(payload, make([]byte, 1<<16)...)
	}
	start := len(stream)
	stream = frame.AppendFrame(stream, h, payload)
	return spoil(stream, start, h.Len(), fault)
}

// spoil does to the frame at stream[start:] what fault says. Most faults are
// none.
func spoil(stream []byte, start, headerLen int, fault byte) []byte {
	b := stream[start:]
	switch fault {
	case 1: // FIN, RSV1, RSV2 or RSV3
		b[0] ^= 0x80 >> (b[len(b)-1] % 4)
	case 2: // another opcode
		b[0] ^= 1 + b[len(b)-1]%15
	case 3: // MASK
		b[1] ^= 0x80
	case 4: // a length that is one off
		b[1]++
	case 5: // a byte less
		stream = stream[:len(stream)-1]
	case 6: // a bit of the payload
		if len(b) > headerLen {
			b[len(b)-1] ^= 0x80
		}
	case 7, 8: // the length in a longer form
		if n := b[1] & 0x7f; n < 126 {
			long := []byte{b[0], b[1]&0x80 | 126, 0, n}
			if fault == 8 {
				long = binary.BigEndian.AppendUint64([]byte{b[0], b[1] | 0x7f}, uint64(n))
			}
			stream = append(stream[:start], append(long, b[2:]...)...)
		}
	case 9: // a length with the top bit set, or nearly
		stream = append(stream[:start], b[0], b[1]|0x7f, b[len(b)-1], 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	}
	return stream
}
