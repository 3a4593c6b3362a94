package endpoint

import (
	"errors"
	"io"
	"os"

	"resty.websocket/frame"
)

// errStale is the error of a reader after the next Recv or NextReader call.
var errStale = errors.New("endpoint: read from a message after the next call that receives")

// NextReader receives the beginning of the next message. It is described at server.Conn.
func (c *Conn) NextReader() (typ frame.Opcode, r io.Reader, err error) {
	if err := c.lockRecv(); err != nil {
		return 0, nil, err
	}
	defer c.recv.mu.Unlock()
	c.recv.begin()
	if err := c.recv.endReader(); err != nil {
		return 0, nil, err
	}
	m := &messageReader{c: c}
	if err := m.open(); err != nil {
		return 0, nil, err
	}
	c.recv.reader = m
	return m.opcode, m, nil
}

// Read reads bytes of the message.
func (m *messageReader) Read(p []byte) (n int, err error) {
	if err := m.c.lockRecv(); err != nil {
		return 0, err
	}
	defer m.c.recv.mu.Unlock()
	if m.err != nil || len(p) == 0 {
		return 0, m.err
	}
	m.c.recv.begin()
	b, err := m.unread()
	if err != nil {
		return 0, m.failed(err)
	}
	n = copy(p, b)
	m.consume(n)
	return n, nil
}

// WriteTo writes the rest of the message to w, without copying it. Timeout bounds the
// wait for each part of it. After an error, Read goes on behind the last byte that w took.
func (m *messageReader) WriteTo(w io.Writer) (written int64, err error) {
	for {
		b, err := m.lend()
		if err == io.EOF {
			return written, nil
		} else if err != nil {
			return written, err
		}
		n, err := w.Write(b)
		m.takeBack(n)
		written += int64(n)
		switch {
		case err != nil:
			return written, err
		case n < len(b):
			return written, io.ErrShortWrite
		}
	}
}

// lend returns bytes of the message that stay valid after the receiver's lock is
// released, even if the connection is closed meanwhile.
func (m *messageReader) lend() ([]byte, error) {
	if err := m.c.lockRecv(); err != nil {
		return nil, err
	}
	defer m.c.recv.mu.Unlock()
	if m.err != nil {
		return nil, m.err
	}
	m.c.recv.begin()
	b, err := m.unread()
	if err != nil {
		return nil, m.failed(err)
	}
	return m.c.recv.lend(b), nil
}

// takeBack ends the loan of bytes of which n were read.
func (m *messageReader) takeBack(n int) {
	m.c.recv.mu.Lock()
	defer m.c.recv.mu.Unlock()
	if m.err == nil {
		m.consume(n)
	}
}

// failed returns err, of unread, as Read returns it: io.EOF at the end of the message
// alone. Unless it is a timeout, it is the reader's error from then on.
func (m *messageReader) failed(err error) error {
	if err == os.ErrDeadlineExceeded && m.c.Fatal() == nil {
		return err
	}
	m.end(err)
	return err
}
