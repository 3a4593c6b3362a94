package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"resty.websocket/frame"
)

// replies follows the frames that a server sends, over any cut into reads. Each message must be one unmasked, final
// text frame of the size of what was sent. Compressed messages have RSV1, and may come in fragments.
type replies struct {
	size     int       // of each message
	ping     bool      // Pings are to come instead
	pongs    []byte    // answers to Pings
	want     [][]byte  // the messages to come, over and over; nil only counts
	inflater *inflater // nil if they are not compressed

	head []byte // of a frame, while its header is not whole
	fin  bool   // of the frame that is arriving
	left int    // payload bytes of the frame that have not arrived
	open bool   // a fragmented message is
	next int    // index of the message in want
	part []byte // of a message that is compared, what has arrived
}

// feed takes what arrived and returns how many messages it completed.
func (r *replies) feed(b []byte) (messages int, err error) {
	for len(b) > 0 {
		if r.left == 0 {
			n, err := r.header(b)
			if errors.Is(err, io.ErrUnexpectedEOF) {
				r.head = append(r.head, b...)
				return messages, nil
			}
			if err != nil {
				return messages, err
			}
			b = b[n:]
		}
		n := min(r.left, len(b))
		if r.want != nil || r.ping {
			r.part = append(r.part, b[:n]...)
		}
		b = b[n:]
		if r.left -= n; r.left > 0 {
			break
		}
		if r.open = !r.fin; r.open {
			continue
		}
		if err := r.message(); err != nil {
			return messages, err
		}
		messages++
	}
	return messages, nil
}

// header parses and checks the header that ends in b, and returns its length there.
func (r *replies) header(b []byte) (int, error) {
	before := len(r.head)
	if before > 0 {
		b = append(r.head, b[:min(len(b), maxHeader)]...)
	}
	h, n, err := frame.ParseHeader(b)
	if err != nil {
		return 0, err
	}
	want := frame.Header{Fin: true, Opcode: frame.Text, Length: int64(r.size)}
	switch {
	case r.ping:
		want.Opcode, want.Length = frame.Ping, min(h.Length, 125)
	case r.inflater != nil && r.open:
		want = frame.Header{Fin: h.Fin, Length: min(h.Length, want.Length-1)}
	case r.inflater != nil:
		want.Fin, want.RSV1, want.Length = h.Fin, true, min(h.Length, want.Length-1)
	}
	if h != want {
		return 0, fmt.Errorf("load: the header of a reply is %+v, want %+v", h, want)
	}
	r.head, r.fin, r.left = r.head[:0], h.Fin, int(h.Length)
	return n - before, nil
}

// maxHeader is the length of the longest header.
const maxHeader = 14

// message takes a message that is whole: it answers a Ping, and compares what there is anything to compare with.
func (r *replies) message() (err error) {
	message := r.part
	r.part = r.part[:0]
	switch {
	case r.ping:
		pong := frame.Header{Fin: true, Opcode: frame.Pong, Masked: true, MaskKey: [4]byte{0x9d, 0x3f, 0x71, 0xc5}}
		r.pongs = frame.AppendFrame(r.pongs, pong, message)
		return nil
	case r.want == nil:
		return nil
	case r.inflater != nil:
		if message, err = r.inflater.inflate(message); err != nil {
			return err
		}
	}
	if !bytes.Equal(message, r.want[r.next%len(r.want)]) {
		return fmt.Errorf("load: message %d differs from the one sent", r.next)
	}
	r.next++
	return nil
}
