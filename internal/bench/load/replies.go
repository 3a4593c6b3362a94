package load

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// replies follows the frames that a server sends, over any cut into reads. Each message has to be one unmasked, final
// frame with the opcode and size of what was sent. Compressed messages have RSV1, and may come in fragments.
type replies struct {
	opcode   byte
	size     int       // of each message
	want     [][]byte  // the messages to come, over and over; nil only counts
	inflater *inflater // nil if they are not compressed

	head  [10]byte // of the frame that is arriving
	nhead int
	left  int    // payload bytes of the frame that have not arrived
	open  bool   // a fragmented message is
	next  int    // index of the message in want
	part  []byte // of a compressed message that is compared
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
			r.left = int(r.length())
		}
		n := min(r.left, len(b))
		if err := r.compare(b[:n]); err != nil {
			return messages, err
		}
		b = b[n:]
		r.left -= n
		if r.left == 0 {
			r.nhead = 0
			if r.open = !r.final(); !r.open {
				r.next++
				messages++
			}
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

// length is the payload's, by the header.
func (r *replies) length() uint64 {
	switch r.head[1] {
	case 126:
		return uint64(binary.BigEndian.Uint16(r.head[2:]))
	case 127:
		return binary.BigEndian.Uint64(r.head[2:])
	default:
		return uint64(r.head[1])
	}
}

// final reports whether the frame ends its message.
func (r *replies) final() bool { return r.head[0]&0x80 != 0 }

func (r *replies) check() error {
	want := 0x80 | r.opcode
	if r.inflater != nil {
		want = r.head[0] & 0x80 // either
		if !r.open {
			want |= rsv1 | r.opcode
		}
	}
	if got := r.head[0]; got != want {
		return fmt.Errorf("load: reply starts with %#x, want %#x", got, want)
	}
	if r.head[1]&0x80 != 0 {
		return errors.New("load: reply is masked")
	}
	switch length := r.length(); {
	case r.inflater == nil && length != uint64(r.size):
		return fmt.Errorf("load: reply of %d bytes, want %d", length, r.size)
	case r.inflater != nil && length >= uint64(r.size):
		return fmt.Errorf("load: compressed reply of %d bytes for %d", length, r.size)
	}
	return nil
}

func (r *replies) compare(b []byte) error {
	switch {
	case r.want == nil:
		return nil
	case r.inflater != nil:
		return r.compareInflated(b)
	}
	at := r.size - r.left
	if want := r.want[r.next%len(r.want)]; !bytes.Equal(b, want[at:at+len(b)]) {
		return fmt.Errorf("load: payload of message %d differs between bytes %d and %d", r.next, at, at+len(b))
	}
	return nil
}

// compareInflated is compare for a message that has to be whole first.
func (r *replies) compareInflated(b []byte) error {
	r.part = append(r.part, b...)
	if len(b) < r.left || !r.final() {
		return nil
	}
	message, err := r.inflater.inflate(r.part)
	r.part = r.part[:0]
	if err != nil {
		return err
	}
	if want := r.want[r.next%len(r.want)]; !bytes.Equal(message, want) {
		return fmt.Errorf("load: message %d inflates to others than the %d bytes sent", r.next, len(want))
	}
	return nil
}
