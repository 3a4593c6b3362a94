package load

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// replies follows the frames that a server sends, over any cut into reads. Each message must be one unmasked, final
// text frame of the size of what was sent. Compressed messages have RSV1, and may come in fragments.
type replies struct {
	size     int       // of each message
	ping     bool      // Pings are to come instead
	pongs    []byte    // answers to Pings
	want     [][]byte  // the messages to come, over and over; nil only counts
	inflater *inflater // nil if they are not compressed

	head  [10]byte // of the frame that is arriving
	nhead int
	left  int    // payload bytes of the frame that have not arrived
	open  bool   // a fragmented message is
	next  int    // index of the message in want
	part  []byte // of a message that is compared, what has arrived
}

// feed takes what arrived and returns how many messages it completed.
func (r *replies) feed(b []byte) (messages int, err error) {
	for len(b) > 0 {
		if r.left == 0 {
			for ; len(b) > 0 && r.nhead < r.headLen(); r.nhead++ {
				r.head[r.nhead], b = b[0], b[1:]
			}
			if r.nhead < r.headLen() {
				return messages, nil
			}
			if r.left, err = r.length(); err != nil {
				return messages, err
			}
		}
		n := min(r.left, len(b))
		if r.want != nil || r.ping {
			r.part = append(r.part, b[:n]...)
		}
		b = b[n:]
		if r.left -= n; r.left > 0 {
			break
		}
		r.nhead = 0
		if r.open = r.head[0]&fin == 0; r.open {
			continue
		}
		if err := r.compare(); err != nil {
			return messages, err
		}
		if r.ping {
			const key = 0x9d3f_71c5
			r.pongs, r.part = appendMasked(r.pongs, pong, key, r.part), r.part[:0]
		}
		r.next++
		messages++
	}
	return messages, nil
}

// headLen is the encoded length of the header, as far as it has arrived. A mask bit is left to check.
func (r *replies) headLen() int {
	switch size := r.head[1] &^ masked; {
	case r.nhead < 2 || size < 126:
		return 2
	case size == 126:
		return 4
	default:
		return 10
	}
}

// length checks the header and returns the length of its payload.
func (r *replies) length() (int, error) {
	want := byte(fin | text)
	if r.inflater != nil {
		want = r.head[0] & fin // either
		if !r.open {
			want |= rsv1 | text
		}
	}
	length := uint64(r.head[1])
	switch length {
	case 126:
		length = uint64(binary.BigEndian.Uint16(r.head[2:]))
	case 127:
		length = binary.BigEndian.Uint64(r.head[2:])
	}
	switch size := uint64(r.size); {
	case r.ping && r.head[0] == fin|ping && length <= 125:
	case r.head[0] != want:
		return 0, fmt.Errorf("load: reply starts with %#x, want %#x", r.head[0], want)
	case r.head[1]&masked != 0:
		return 0, errors.New("load: reply is masked")
	case r.inflater == nil && length != size:
		return 0, fmt.Errorf("load: reply of %d bytes, want %d", length, size)
	case r.inflater != nil && length >= size:
		return 0, fmt.Errorf("load: compressed reply of %d bytes for %d", length, size)
	}
	return int(length), nil
}

// compare compares a message that is whole, if there is anything to compare it with.
func (r *replies) compare() (err error) {
	if r.want == nil || r.ping {
		return nil
	}
	message := r.part
	if r.inflater != nil {
		if message, err = r.inflater.inflate(r.part); err != nil {
			return err
		}
	}
	if !bytes.Equal(message, r.want[r.next%len(r.want)]) {
		return fmt.Errorf("load: message %d differs from the one sent", r.next)
	}
	r.part = r.part[:0]
	return nil
}
