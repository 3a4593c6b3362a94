package endpoint

import (
	"resty.websocket/frame"
	"resty.websocket/internal/deflate"
)

const (
	// pieceLen is how much of a message a writer gathers before it sends a fragment.
	pieceLen = 16 << 10
	// maxPieceLen is the longest fragment. Frames of other goroutines do not have to
	// wait for more.
	maxPieceLen = 64 << 10
	// readFromLen is how much ReadFrom reads at once.
	readFromLen = 32 << 10
	// deflatedLen is the room for what comes out of a compressor before it is sent: less
	// than a piece, and then all that the compressor may have held back.
	deflatedLen = 128 << 10
)

// A messageWriter is a message that is sent in pieces, by the calls of the io.WriteCloser
// that NextWriter returns. Only one goroutine calls it at a time.
//
// It keeps other messages from being sent: see sender.exclusive. A piece is sent when
// there is more to come behind it, so that a short message is a single frame.
type messageWriter struct {
	s         *sender
	op        frame.Opcode // of the next frame
	isText    bool
	text      text // written so far
	exclusive bool // the sender's exclusive is set for this message
	ended     bool // Close was called
	err       error

	pieceLen, frameLen int // pieceLen and maxPieceLen, or MaxSendLen if that is less

	// slab.buf[start:end] is to be sent: bytes of the message, or of its payload if
	// there is a deflater.
	slab         *slab
	start, end   int
	deflater     *deflate.Writer
	held         bool // deflater may hold something back
	deflateEnded bool // its end is among the bytes
}

// add adds p to the message, and sends the pieces that are complete. It returns how many
// bytes it has taken, which is less than len(p) with an error.
func (w *messageWriter) add(p []byte, deadline instant) (n int, err error) {
	for n < len(p) && err == nil {
		rest := p[n:]
		took := 0
		switch buffered := w.end - w.start; {
		case w.deflater != nil:
			took, err = w.deflate(rest, deadline)
		case buffered+len(rest) <= w.pieceLen:
			took = w.buffer(rest)
		case w.s.deflation != nil:
			w.beginDeflate()
		case buffered == 0:
			took, err = w.sendDirect(rest, deadline)
		case buffered == w.pieceLen:
			err = w.sendBuffered(false, deadline)
		default:
			took = w.buffer(rest[:w.pieceLen-buffered])
		}
		n += took
	}
	return n, err
}

// buffer copies p behind the bytes that are to be sent. There is room for it in a piece.
func (w *messageWriter) buffer(p []byte) int {
	if w.slab == nil {
		w.slab = getSlab(w.pieceLen)
	}
	w.end += copy(w.slab.buf[w.end:], p)
	return len(p)
}

// sendDirect sends the beginning of p without copying it.
func (w *messageWriter) sendDirect(p []byte, deadline instant) (int, error) {
	p = p[:min(len(p), w.frameLen)]
	if err := w.sendFrame(false, p, deadline); err != nil {
		return 0, err
	}
	return len(p), nil
}

// beginDeflate begins to compress, with the bytes that are buffered.
func (w *messageWriter) beginDeflate() {
	raw, n := w.slab, w.end
	w.slab, w.start, w.end = getSlab(deflatedLen), 0, 0
	w.deflater = w.s.deflation.compressor.Begin()
	if n > 0 {
		w.deflated(w.deflater.Append(w.slab.buf[:0], raw.buf[:n]))
		w.held = true
	}
	raw.free()
}

// deflate compresses the beginning of p.
func (w *messageWriter) deflate(p []byte, deadline instant) (int, error) {
	if err := w.makeRoom(deadline); err != nil {
		return 0, err
	}
	p = p[:min(len(p), pieceLen)]
	w.deflated(w.deflater.Append(w.slab.buf[:w.end], p))
	w.held = true
	return len(p), nil
}

// makeRoom sends what is buffered, if that is a piece.
func (w *messageWriter) makeRoom(deadline instant) error {
	if w.end-w.start < w.pieceLen {
		return nil
	}
	return w.sendBuffered(false, deadline)
}

// deflated takes in buf, the slab's beginning to which the compressor has appended.
func (w *messageWriter) deflated(buf []byte) {
	w.end = len(buf)
	if cap(buf) > len(w.slab.buf) {
		w.slab.free()
		w.slab = unpooled(buf[:cap(buf)])
	}
}

// flush sends all that was written.
func (w *messageWriter) flush(deadline instant) error {
	if w.s.deflation != nil && w.deflater == nil && w.end > 0 {
		w.beginDeflate()
	}
	if w.held {
		if err := w.makeRoom(deadline); err != nil {
			return err
		}
		w.deflated(w.deflater.Flush(w.slab.buf[:w.end]))
		w.held = false
	}
	if w.start == w.end {
		return nil
	}
	return w.sendBuffered(false, deadline)
}

// finish sends the rest of the message.
func (w *messageWriter) finish(deadline instant) error {
	if z := w.deflater; z != nil && !w.deflateEnded {
		if err := w.makeRoom(deadline); err != nil {
			return err
		}
		w.deflated(z.End(w.slab.buf[:w.end]))
		w.deflateEnded = true
	}
	return w.sendBuffered(true, deadline)
}

// sendBuffered sends what is buffered, the last part of it with FIN if fin is set.
func (w *messageWriter) sendBuffered(fin bool, deadline instant) error {
	for {
		var p []byte
		if w.slab != nil {
			p = w.slab.buf[w.start:w.end]
		}
		part := p[:min(len(p), w.frameLen)]
		if err := w.sendFrame(fin && len(part) == len(p), part, deadline); err != nil {
			return err
		}
		if w.start += len(part); w.start == w.end {
			w.start, w.end = 0, 0
			return nil
		}
	}
}

// sendFrame sends a frame of the message. If it returns os.ErrDeadlineExceeded and
// sending goes on, nothing is sent.
func (w *messageWriter) sendFrame(fin bool, p []byte, deadline instant) error {
	s := w.s
	s.mu.Lock()
	turn := false
	defer s.endCall(&turn)
	alone := s.set.noDelay || len(p) >= minVectored
	if alone {
		if err := s.turn(deadline); err != nil {
			return err
		}
		turn = true
	} else if err := s.awaitRoom(maxHeaderLen+len(p), false, deadline); err != nil {
		return err
	}
	if err := w.put(fin, p, deadline); err != nil {
		return err
	}
	if turn = alone || s.leave(); !turn {
		return nil
	}
	return s.write(deadline)
}

// put makes a frame of the message one of the pending ones, or writes it. A whole message
// is compressed as other sends do.
func (w *messageWriter) put(fin bool, p []byte, deadline instant) error {
	s := w.s
	if err := s.over(); err != nil {
		return err
	}
	h := frame.Header{Fin: fin, RSV1: w.deflater != nil && w.op != frame.Continuation, Opcode: w.op, Length: int64(len(p))}
	h, err := s.encoder.NextHeader(h)
	if err != nil {
		return err
	}
	z := s.deflation
	if w.deflater != nil {
		z = nil
	}
	err = s.putHeader(&h, p, z, deadline)
	w.op = frame.Continuation
	if fin {
		w.endMessage()
	}
	return err
}

// endMessage lets other messages be sent, with the sender's lock held.
func (w *messageWriter) endMessage() {
	if w.exclusive {
		w.exclusive = false
		w.s.endMessage()
	}
}
