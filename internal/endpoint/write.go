package endpoint

import (
	"io"
	"net"
	"os"
	"sync"

	"resty.websocket/frame"
)

// write writes the frames that are pending, in the caller's turn. Frames that come to
// be pending meanwhile are not waited for.
//
// If deadline is unknown, no call waits. The peer then has as long as a call would
// give it for each part that it takes.
//
// The lock is released while the net.Conn writes. If that panics, endTurn takes it again.
func (s *sender) write(deadline instant) error {
	s.mu.assertHeld()
	return s.writeFirst(s.pending.len(), deadline)
}

// writeFirst is write for the first left bytes of those that are pending.
func (s *sender) writeFirst(left int, deadline instant) error {
	s.mu.assertHeld()
	s.endHold()
	for left > 0 && s.sendError() == nil {
		b, slab := s.pending.take(left)
		left -= len(b)
		s.release()
		n, err := s.writeUnlocked(b, deadline)
		s.wrote(len(b), slab)
		if n < len(b) || err != nil {
			return s.writeFailed(err)
		}
	}
	return s.sendError()
}

// wrote takes the lock again after a write of n bytes, which were those of the slab.
//
//go:noinline
func (s *sender) wrote(n int, written *slab) {
	s.relock()
	s.mu.assertHeld()
	s.unsent -= n
	written.free()
}

// writeUnlocked writes b. Only a write that has to wait needs its deadline, which costs a
// timer: a socket is tried first.
func (s *sender) writeUnlocked(b []byte, deadline instant) (n int, err error) {
	if s.own() != nil {
		if n, err = s.tryWrite(b); n == len(b) || err != nil {
			return n, err
		}
	}
	s.armWrite(deadline)
	more, err := s.nc.Write(b[n:])
	n += more
	if err != nil && deadline == unknown {
		n, err = s.writeOn(b, n, err)
	}
	return n, err
}

// writeOn writes the rest of b after a write of n bytes that ended with err. As long as
// the peer takes some of it within each deadline, that is no failure.
func (s *sender) writeOn(b []byte, n int, err error) (int, error) {
	for more := n; more > 0 && n < len(b) && s.late(err); n += more {
		s.armWrite(unknown)
		more, err = s.nc.Write(b[n:])
	}
	return n, err
}

// recoverTurn ends sending if the net.Conn has panicked in a write.
func (s *sender) recoverTurn() {
	if released := s.relock(); released {
		s.mu.assertHeld()
		s.writeFailed(nil)
		s.unsent = 0
	}
}

// release releases the lock for a write.
func (s *sender) release() {
	s.mu.assertHeld()
	s.traffic.madeRoom()
	s.inWrite = true
	s.mu.Unlock()
}

// relock takes the lock again, and reports whether it was released.
func (s *sender) relock() (released bool) {
	if !s.inWrite { // which only the goroutine that has the turn changes
		return false
	}
	s.mu.Lock()
	s.inWrite, s.written = false, now()
	return true
}

// armWrite sets the deadline of a write, which may be unknown; see write.
func (s *sender) armWrite(deadline instant) {
	if deadline == unknown {
		deadline = s.sendCallDeadline()
	}
	s.armSend(deadline)
}

// late reports whether err, of a write, says that the write's own deadline has passed,
// and not a limit.
func (s *sender) late(err error) bool {
	return err != nil && s.writing.expired(err) && !s.sendLimitPassed()
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
	err = s.endSending(err)
	s.dropPending()
	return err
}

// flushSoon writes the pending frames without waiting for the peer: at once as far
// as the kernel takes them, and the rest on a goroutine.
func (s *sender) flushSoon() {
	s.mu.assertHeld()
	if s.busy {
		return // the goroutine that has the turn writes them, or leaves them to another
	}
	s.flushNow()
	s.payPong()
	if s.pending.len() > 0 {
		s.startDrain()
	}
}

// flushNow writes as much of the pending frames as the kernel takes at once. No write
// may be under way.
func (s *sender) flushNow() {
	s.mu.assertHeld()
	s.endHold()
	for s.pending.len() > 0 && s.sendError() == nil {
		n, err := s.tryWrite(s.pending.first(s.pending.len()))
		s.pending.consume(n)
		s.unsent -= n
		s.traffic.madeRoom()
		switch {
		case err != nil:
			s.writeFailed(err)
			return
		case n == 0:
			return
		}
		s.written = now()
	}
	s.accepted = false
}

// flushLast writes the pending frames before the connection is closed, as far as the
// peer takes them now.
func (s *sender) flushLast() {
	s.mu.assertHeld()
	if !s.inWrite && s.accepted {
		s.flushNow()
	}
	if !s.accepted {
		return
	}
	deadline := after(lastFlushTime)
	s.limitSend(deadline)
	if s.turn(deadline) == nil {
		s.write(deadline)
		s.endTurn()
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

// minVectored is the length of a payload, in bytes, from which on it is
// cheaper to let the kernel gather it than to copy it behind its header.
const minVectored = 32 << 10

// vectored reports whether a frame is written without copying its payload, of n bytes.
// That takes a socket, for which net.Buffers has a system call.
func (s *sender) vectored(n int) bool {
	s.mu.assertHeld()
	return n >= minVectored && !s.encoder.Masked && s.socket
}

// A vector is a frame in two parts.
type vector struct {
	header [maxHeaderLen]byte
	parts  [2][]byte
	rest   net.Buffers // what of the parts is not written yet
}

var vectors = sync.Pool{New: func() any { return new(vector) }}

// writeVector writes a frame without copying its payload, behind the pending ones, in
// the caller's turn. All that comes to be pending while it waits is behind the frame,
// and behind the messages that were offered before the frame has ended theirs.
func (s *sender) writeVector(h *frame.Header, p []byte, deadline instant) error {
	s.mu.assertHeld()
	before := s.pending.len()
	s.count(h.Fin, h.Opcode, h.Len()+len(p))
	s.addOffered()
	if err := s.writeFirst(before, deadline); err != nil {
		return err
	}
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
	defer s.relock()
	s.release()
	s.armWrite(deadline)
	if own := s.own(); own != nil {
		_, err := own.WriteBuffers(v.rest)
		if err == nil {
			v.rest = nil
		}
		return err
	}
	_, err := v.rest.WriteTo(s.nc)
	return err
}
