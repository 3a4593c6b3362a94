package endpoint

import (
	"io"
	"net"
	"os"
	"sync"

	"resty.websocket/frame"
)

// write writes the pending frames, in the caller's turn. Frames that come to be
// pending meanwhile are written too. The lock is released while the net.Conn writes.
//
// If deadline is unknown, no call waits. The peer then has as long as a call would
// give it for each part that it takes.
func (s *sender) write(deadline instant) error {
	s.mu.assertHeld()
	p, released := pending{}, false
	defer func() {
		if released { // the net.Conn has panicked
			s.mu.Lock()
		}
	}()
	for s.fetch(&p) {
		s.mu.Unlock()
		released = true
		s.armWrite(deadline)
		n, err := s.nc.Write(p.bytes())
		s.mu.Lock()
		released = false
		p.consume(n)
		if deadline == unknown && n > 0 && s.late(err) {
			continue
		}
		if p.len() > 0 || err != nil {
			p.drop()
			return s.writeFailed(err)
		}
	}
	return s.sendError()
}

// fetch makes p the pending frames, unless it holds a rest of the last ones. It
// reports whether there is anything to write.
func (s *sender) fetch(p *pending) bool {
	if s.sendErr.Load() != nil {
		p.drop()
		s.pending.drop()
	} else if p.len() == 0 {
		s.payPong()
		*p = s.pending.take()
	}
	return p.len() > 0
}

// armWrite sets the deadline of a write, which may be unknown; see write.
func (s *sender) armWrite(deadline instant) {
	if deadline == unknown {
		deadline = s.sendCallDeadline()
	}
	s.armSend(deadline)
}

// late reports whether err, of a write, says that its deadline has passed, and not
// one that somebody else has set to end it.
func (s *sender) late(err error) bool {
	return err != nil && s.writing.expired(err) && !s.writing.limitPassed()
}

// writeFailed ends sending after a write that was cut short, with err or, if that is
// nil, for no reason that the net.Conn would give. The write may have cut a frame in
// two: nothing is ever written after it.
func (s *sender) writeFailed(err error) error {
	if err == nil {
		err = io.ErrShortWrite
	} else if s.writing.expired(err) {
		err = os.ErrDeadlineExceeded
	}
	if fatal := s.Fatal(); fatal != nil && !isClose(fatal) {
		err = fatal // which has ended the write, through its deadline maybe
	}
	s.pending.drop()
	return s.endSending(err)
}

// flushSoon writes the pending frames without waiting for the peer: at once as far
// as the kernel takes them, and the rest on a goroutine that ends when they are
// written. It is for the receiving direction.
func (s *sender) flushSoon() {
	s.mu.assertHeld()
	if s.busy {
		return // the call whose turn it is writes them
	}
	s.flushNow()
	if s.pending.len() > 0 {
		s.busy = true
		go s.drain()
	}
}

// flushNow writes as much of the pending frames as the kernel takes at once, when it
// is no call's turn.
func (s *sender) flushNow() {
	s.mu.assertHeld()
	if s.pending.len() == 0 || s.sendError() != nil {
		s.pending.drop()
		return
	}
	n, err := s.tryWrite(s.pending.bytes())
	s.pending.consume(n)
	if err != nil {
		s.writeFailed(err)
	}
}

// awaitWritten waits until the pending frames are written.
func (s *sender) awaitWritten(deadline instant) {
	s.mu.assertHeld()
	if s.turn(deadline) == nil {
		s.write(deadline)
		s.endTurn()
	}
}

// drain writes the pending frames, in a turn that was taken for it.
func (s *sender) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.write(unknown)
	s.endTurn()
}

// minVectored is the length of a payload, in bytes, from which on it is
// cheaper to let the kernel gather it than to copy it behind its header.
const minVectored = 32 << 10

// vectored reports whether a frame is written without copying its payload. That
// takes a socket, for which net.Buffers has a system call.
func (s *sender) vectored(h *frame.Header) bool {
	return h.Length >= minVectored && !h.Masked && s.isSocket()
}

// A vector is a frame in two parts.
type vector struct {
	header [maxHeaderLen]byte
	parts  [2][]byte
	rest   net.Buffers // what of the parts is not written yet
}

var vectors = sync.Pool{New: func() any { return new(vector) }}

// writeVector writes a frame without copying its payload, in the caller's turn.
func (s *sender) writeVector(h *frame.Header, p []byte, deadline instant) error {
	s.mu.assertHeld()
	v := vectors.Get().(*vector)
	v.parts = [2][]byte{frame.AppendHeader(v.header[:0], *h), p}
	v.rest = v.parts[:]
	err := s.writeVectorUnlocked(v, deadline)
	whole := len(v.rest) == 0
	v.parts, v.rest = [2][]byte{}, nil
	vectors.Put(v)
	if err != nil || !whole {
		return s.writeFailed(err)
	}
	return nil
}

func (s *sender) writeVectorUnlocked(v *vector, deadline instant) error {
	s.mu.Unlock()
	defer s.mu.Lock()
	s.armSend(deadline)
	_, err := v.rest.WriteTo(s.nc)
	return err
}
