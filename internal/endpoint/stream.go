package endpoint

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
	"unicode/utf8"

	"resty.websocket/frame"
)

// streamPieceLen is how many bytes of a stream a message has, at most.
const streamPieceLen = 16 << 10

// A stream is a connection as a net.Conn. Its bytes are those of messages, one behind the
// other, whose borders mean nothing.
type stream struct {
	c  *Conn
	op frame.Opcode

	reads   sync.Mutex // is held by a Read
	message io.Reader  // nil between two messages
	writes  sync.Mutex // is held by a Write

	deadlines sync.Mutex // guards the fields below
	reading   instant
	writing   instant
}

// Stream returns the connection as a net.Conn. It is described at server.Conn.
func (c *Conn) Stream(op frame.Opcode) net.Conn { return &stream{c: c, op: op} }

// Read reads bytes of the messages that arrive. If the peer has closed the connection
// with 1000 or 1001, it returns io.EOF.
func (s *stream) Read(p []byte) (n int, err error) {
	s.reads.Lock()
	defer s.reads.Unlock()
	for n == 0 && err == nil && len(p) > 0 {
		if passed(s.readDeadline()) {
			return 0, os.ErrDeadlineExceeded
		}
		n, err = s.readSome(p)
	}
	return n, streamError(err)
}

// readSome reads bytes of the message at hand, or begins the next message.
func (s *stream) readSome(p []byte) (n int, err error) {
	if s.message == nil {
		s.message, err = s.next()
		return 0, err
	}
	n, err = s.message.Read(p)
	if err == io.EOF && s.c.Fatal() == nil {
		s.message, err = nil, nil // the end of the message
	}
	return n, err
}

// next returns the next message, which must be of the stream's type.
func (s *stream) next() (io.Reader, error) {
	typ, r, err := s.c.NextReader()
	if err == nil && typ != s.op {
		return nil, s.c.failType(typ)
	}
	return r, err
}

// failType fails the connection because of a message of type typ.
func (c *Conn) failType(typ frame.Opcode) error {
	c.recv.mu.Lock()
	defer c.recv.mu.Unlock()
	return c.recv.failProtocol(&frame.ProtocolError{
		Code: frame.StatusUnsupportedData, Section: "7.4.1", Reason: "unsupported data: a message of type " + typ.String(),
	})
}

// streamError returns err, of the connection, as the error of a Read.
func streamError(err error) error {
	switch frame.CloseCode(err) {
	case frame.StatusNormalClosure, frame.StatusGoingAway:
		return io.EOF
	}
	if err == io.EOF {
		return io.ErrUnexpectedEOF // TCP has ended without a Close frame
	}
	return err
}

// Write sends p in messages of the stream's type. It waits only for room among the
// frames that are accepted, so that a deadline that passes ends nothing: the n bytes
// that were accepted are sent.
func (s *stream) Write(p []byte) (n int, err error) {
	s.writes.Lock()
	defer s.writes.Unlock()
	for n < len(p) {
		piece := s.piece(p[n:])
		if err := s.accept(piece); err != nil {
			return n, err
		}
		n += len(piece)
	}
	return n, nil
}

// piece returns the beginning of p that goes into the next message. Text is not cut inside
// a character.
func (s *stream) piece(p []byte) []byte {
	if len(p) <= streamPieceLen {
		return p
	}
	end := streamPieceLen
	for s.op == frame.Text && end > streamPieceLen-utf8.UTFMax && !utf8.RuneStart(p[end]) {
		end--
	}
	return p[:end]
}

// accept makes a message of p pending, as soon as there is room and within the deadline.
func (s *stream) accept(p []byte) error {
	send := &s.c.send
	send.mu.Lock()
	defer send.mu.Unlock()
	for {
		deadline := s.writeDeadline()
		if passed(deadline) {
			return os.ErrDeadlineExceeded
		}
		if !send.crowded(maxHeaderLen+len(p)) && !send.excludes() {
			return send.sendSoon(s.op, p)
		}
		send.flushSoon()
		if send.crowded(maxHeaderLen+len(p)) || send.excludes() {
			send.inTraffic().room.wait(&send.mu, deadline) // and look again, whatever the reason
		}
	}
}

// sendSoon sends a message without waiting for the peer.
func (s *sender) sendSoon(op frame.Opcode, p []byte) error {
	s.mu.assertHeld()
	if err := s.put(true, op, p, s.deflation, never); err != nil {
		return err
	}
	s.accepted = true
	if s.hold.holds() {
		s.timeHold()
	} else {
		s.flushSoon()
	}
	return nil
}

// Close does the closing handshake with 1000, in 5 seconds at most.
func (s *stream) Close() error { return s.c.Close(frame.StatusNormalClosure) }

func (s *stream) LocalAddr() net.Addr  { return s.c.LocalAddr() }
func (s *stream) RemoteAddr() net.Addr { return s.c.RemoteAddr() }

// SetDeadline sets both deadlines.
func (s *stream) SetDeadline(t time.Time) error {
	s.SetReadDeadline(t)
	return s.SetWriteDeadline(t)
}

// SetReadDeadline sets the deadline of the Read that waits, and of those that follow. A
// Read that it ends has lost nothing.
func (s *stream) SetReadDeadline(t time.Time) error {
	s.deadlines.Lock()
	defer s.deadlines.Unlock()
	s.reading = instantOf(t)
	s.c.setRecvDeadline(s.reading)
	return s.closed()
}

// SetWriteDeadline sets the deadline of the Write that waits, and of those that follow.
func (s *stream) SetWriteDeadline(t time.Time) error {
	s.deadlines.Lock()
	s.writing = instantOf(t)
	s.deadlines.Unlock()
	s.c.send.mu.Lock()
	defer s.c.send.mu.Unlock()
	s.c.send.traffic.madeRoom() // so that the Write looks again
	return s.closed()
}

// closed returns net.ErrClosed if the connection was closed on this side.
func (s *stream) closed() error {
	if s.c.Fatal() == net.ErrClosed {
		return net.ErrClosed
	}
	return nil
}

func (s *stream) readDeadline() instant {
	s.deadlines.Lock()
	defer s.deadlines.Unlock()
	return s.reading
}

func (s *stream) writeDeadline() instant {
	s.deadlines.Lock()
	defer s.deadlines.Unlock()
	return s.writing
}
