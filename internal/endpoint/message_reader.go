package endpoint

import (
	"io"
	"math"
	"net"

	"resty.websocket/frame"
	"resty.websocket/internal/deflate"
)

// A messageReader is a message that is received in parts, by the calls of the io.Reader
// that NextReader returns. Its fields are guarded by the receiver's lock.
//
// The part of the payload that has arrived and is not read stays in the window, as its
// first bytes.
type messageReader struct {
	c      *Conn
	opcode frame.Opcode
	early  []byte // the part that RecvMessage had received when it timed out
	have   int    // bytes of payload in the window, unmasked and validated
	last   bool   // nothing follows them
	n      int64  // bytes of payload so far
	limit  int64  // of n; negative: none
	err    error  // of all further calls; nil while the message is being read

	inflater *deflate.Reader // nil if the message is not compressed
	fed      int             // bytes of payload that inflater has
	out      []byte          // inflated and not read
	text     text            // inflated so far
}

// open receives the beginning of a message, unless RecvMessage has done so.
func (m *messageReader) open() error {
	r := &m.c.recv
	before := &r.message
	if before.open {
		// The slab is left to the garbage collector.
		m.begin(before.opcode, before.compressed)
		m.early, m.n = before.bytes(), int64(before.slab.len())
		before.slab, before.open = nil, false
		return nil
	}
	f, err := m.nextPart()
	if err != nil {
		return err
	}
	m.begin(f.Opcode, f.RSV1)
	return m.take(&f)
}

// begin begins a message of which nothing is read.
func (m *messageReader) begin(op frame.Opcode, compressed bool) {
	r := &m.c.recv
	m.opcode, m.limit = op, int64(payloadLimit(r.set.readerLimit, compressed))
	if compressed {
		m.inflater = r.inflation.begin(r.set.readerLimit)
	}
}

// nextPart receives the next part of a data frame's payload. It does with control frames
// what RecvMessage does.
func (m *messageReader) nextPart() (frame.Frame, error) {
	r := &m.c.recv
	r.decoder.MaxPayloadLen = r.set.messageFrameLimit
	r.decoder.AnyFragments = true
	for {
		f, err := r.nextPart()
		if err != nil || !f.Opcode.IsControl() {
			return f, err
		}
		if err := r.answer(&f); err != nil {
			return f, err
		}
	}
}

// take makes the payload of f, which has been consumed just now, the first bytes of the
// window again. The rest of a frame that is not whole counts already.
func (m *messageReader) take(f *frame.Frame) error {
	r := &m.c.recv
	m.n += f.Length
	if n := m.n + r.decoder.FrameLen(); m.limit >= 0 && n > m.limit {
		return r.failProtocol(r.tooLong(int(min(n, math.MaxInt))))
	}
	m.have, m.last = len(f.Payload), f.Fin
	r.window.consume(-m.have)
	return nil
}

// unread returns bytes of the message that have not been read, and waits until there
// are any. After the last one it returns io.EOF.
func (m *messageReader) unread() ([]byte, error) {
	if m.inflater != nil {
		return m.inflated()
	}
	err := m.await()
	return m.payload(), err
}

// consume removes n of the bytes that unread has returned.
func (m *messageReader) consume(n int) {
	if m.inflater != nil {
		m.out = m.out[n:]
		return
	}
	m.consumePayload(n)
}

// await waits until there is a part of the payload, or returns io.EOF if there is no
// further one.
func (m *messageReader) await() error {
	for len(m.payload()) == 0 {
		if m.last {
			return io.EOF
		}
		f, err := m.nextPart()
		if err == nil {
			err = m.take(&f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// payload returns the part of the payload that is at hand.
func (m *messageReader) payload() []byte {
	if len(m.early) > 0 {
		return m.early
	}
	return m.c.recv.window.bytes()[:m.have]
}

func (m *messageReader) consumePayload(n int) {
	if len(m.early) > 0 {
		m.early = m.early[n:]
		return
	}
	m.c.recv.window.consume(n)
	m.have -= n
}

// inflated is unread for a compressed message.
func (m *messageReader) inflated() ([]byte, error) {
	r := &m.c.recv
	for len(m.out) == 0 {
		out, err := r.inflation.next(m.inflater)
		switch err {
		case nil:
			if m.opcode == frame.Text && !m.text.next(out) {
				return nil, r.failProtocol(frame.ErrInvalidUTF8)
			}
			m.out = out
		case deflate.ErrMore:
			if err := m.feed(); err != nil {
				return nil, err
			}
		case io.EOF:
			m.consumePayload(m.fed)
			m.fed = 0
			if !m.text.complete() {
				return nil, r.failProtocol(frame.ErrInvalidUTF8)
			}
			return nil, io.EOF
		default:
			return nil, r.failProtocol(r.inflateError(err))
		}
	}
	return m.out, nil
}

// feed gives the inflater the next part of the payload.
func (m *messageReader) feed() error {
	m.consumePayload(m.fed)
	m.fed = 0
	if err := m.await(); err != nil && err != io.EOF {
		return err
	}
	p := m.payload()
	m.fed = len(p)
	m.inflater.Feed(p, m.last)
	return nil
}

// end makes err the error of all further calls. Unless that is io.EOF, it gives up what is
// left of the message.
func (m *messageReader) end(err error) {
	m.err = err
	m.close()
	if m.c.recv.reader == m {
		m.c.recv.reader = nil
	}
}

// close gives up the inflater.
func (m *messageReader) close() {
	if m.inflater != nil {
		m.inflater.Close()
	}
	m.out = nil
}

// endReader skips the rest of the message that is being read by a messageReader. A
// compressed one is inflated if the next message may refer to it.
//
//go:noinline
func (r *receiver) endReader() error {
	r.mu.assertHeld()
	m := r.reader
	if m == nil {
		return nil
	}
	m.err = errStale
	if m.inflater != nil && !r.inflation.decompressor.Takeover {
		m.close()
		m.inflater = nil
	}
	for {
		b, err := m.unread()
		if err == io.EOF {
			r.reader = nil
			return nil
		} else if err != nil {
			return err
		}
		m.consume(len(b))
	}
}

// closedError returns the error of a messageReader whose connection is closed.
func (r *receiver) closedError() error {
	if err := r.Fatal(); err != nil && err != io.EOF {
		return err
	}
	return net.ErrClosed
}

// dropReader forgets the messageReader, whose calls return err from then on. The rest of
// the payload that is in the window is dropped.
func (r *receiver) dropReader(err error) {
	r.mu.assertHeld()
	m := r.reader
	if m == nil {
		return
	}
	if m.err == nil {
		m.err = err
	}
	m.close()
	r.window.consume(m.have)
	r.reader = nil
}
