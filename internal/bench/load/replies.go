package load

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// replies follows the frames that a server sends, over any cut into reads. Each message has to be one unmasked, final
// frame with the opcode and size of what was sent.
type replies struct {
	opcode byte
	size   int      // of each payload
	want   [][]byte // the payloads to come, over and over; nil only counts

	head  [10]byte // of the frame that is arriving
	nhead int
	left  int // payload bytes of the frame that have not arrived
	next  int // index of the message in want
}

// feed takes what arrived and returns how many messages it completed.
func (r *replies) feed(b []byte) (messages int, err error) {
	for len(b) > 0 {
		if r.left == 0 {
			n := r.header(b)
			b = b[n:]
			if r.nhead < 2 || r.nhead < r.headLen() {
				return messages, nil
			}
			if err := r.check(); err != nil {
				return messages, err
			}
			r.left = r.size
		}
		n := min(r.left, len(b))
		if err := r.compare(b[:n]); err != nil {
			return messages, err
		}
		b = b[n:]
		r.left -= n
		if r.left == 0 {
			r.nhead = 0
			r.next++
			messages++
		}
	}
	return messages, nil
}

// header moves bytes of b to the head, as far as it reaches, and returns their number.
func (r *replies) header(b []byte) (n int) {
	for n < len(b) && (r.nhead < 2 || r.nhead < r.headLen()) {
		r.head[r.nhead] = b[n]
		r.nhead++
		n++
	}
	return n
}

// headLen is the encoded length of the header whose first two bytes are known. A mask bit is left to check.
func (r *replies) headLen() int {
	switch r.head[1] & 0x7f {
	case 126:
		return 4
	case 127:
		return 10
	default:
		return 2
	}
}

func (r *replies) check() error {
	if got, want := r.head[0], 0x80|r.opcode; got != want {
		return fmt.Errorf("load: reply starts with %#x, want %#x", got, want)
	}
	if r.head[1]&0x80 != 0 {
		return errors.New("load: reply is masked")
	}
	length := uint64(r.head[1])
	switch length {
	case 126:
		length = uint64(binary.BigEndian.Uint16(r.head[2:]))
	case 127:
		length = binary.BigEndian.Uint64(r.head[2:])
	}
	if length != uint64(r.size) {
		return fmt.Errorf("load: reply of %d bytes, want %d", length, r.size)
	}
	return nil
}

func (r *replies) compare(b []byte) error {
	if r.want == nil {
		return nil
	}
	at := r.size - r.left
	if want := r.want[r.next%len(r.want)]; !bytes.Equal(b, want[at:at+len(b)]) {
		return fmt.Errorf("load: payload of message %d differs between bytes %d and %d", r.next, at, at+len(b))
	}
	return nil
}
