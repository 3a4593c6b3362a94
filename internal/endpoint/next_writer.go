package endpoint

import (
	"errors"
	"fmt"
	"io"
	"os"

	"resty.websocket/frame"
)

// errWriterClosed is the error of a writer after its Close.
var errWriterClosed = errors.New("endpoint: write to a message after its end")

// cutReason is the reason of the Close frame after text that its sender has not ended.
const cutReason = "text ends inside a character"

// NextWriter begins a message. It is described at server.Conn.
func (c *Conn) NextWriter(op frame.Opcode) (io.WriteCloser, error) {
	if op != frame.Text && op != frame.Binary {
		return nil, fmt.Errorf("%w: a message of type %v", frame.ErrSendFrame, op)
	}
	s := &c.send
	deadline := s.sendCallDeadline()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.awaitMessage(deadline); err != nil {
		return nil, err
	}
	if err := s.over(); err != nil {
		return nil, err
	}
	if err := s.mayBegin(op); err != nil {
		return nil, err
	}
	s.exclusive = true
	w := &messageWriter{s: s, op: op, isText: op == frame.Text, exclusive: true, pieceLen: pieceLen, frameLen: maxPieceLen}
	if limit := s.limit(); limit >= 0 {
		w.pieceLen, w.frameLen = min(w.pieceLen, limit), min(w.frameLen, limit)
	}
	return w, nil
}

// Write adds p to the message. If it is text and p cannot continue it, the error is
// frame.ErrSendText, and the message is as before.
func (w *messageWriter) Write(p []byte) (n int, err error) {
	if err := w.usable(); err != nil {
		return 0, err
	}
	before := w.text
	if w.isText && !w.text.next(p) {
		w.text = before
		return 0, frame.ErrSendText
	}
	n, err = w.add(p, w.s.sendCallDeadline())
	if err == nil {
		return n, nil
	}
	w.text = before
	if w.isText {
		w.text.next(p[:n])
	}
	return n, w.failed(err)
}

// ReadFrom adds the bytes of r to the message, up to its end. Timeout bounds each part of
// it. After an error, bytes that were read from r may not be part of the message.
func (w *messageWriter) ReadFrom(r io.Reader) (read int64, err error) {
	buf := getSlab(readFromLen)
	defer buf.free()
	for empty := 0; empty < maxEmptyReads; empty++ {
		n, err := r.Read(buf.buf[:readFromLen])
		if n > 0 {
			empty = 0
			read += int64(n)
			if _, err := w.Write(buf.buf[:n]); err != nil {
				return read, err
			}
		}
		if err == io.EOF {
			return read, nil
		} else if err != nil {
			return read, err
		}
	}
	return read, io.ErrNoProgress
}

// Flush sends what was written and not sent, as a fragment of the message.
func (w *messageWriter) Flush() error {
	if err := w.usable(); err != nil {
		return err
	}
	return w.failed(w.flush(w.s.sendCallDeadline()))
}

// Close sends the rest of the message and ends it. After a timeout, Close may be called
// again. If the message is text and ends inside a character, the error is
// frame.ErrSendText, and the connection is closed with 1011, since the message cannot be
// ended.
func (w *messageWriter) Close() error {
	switch {
	case w.err == errWriterClosed:
		return nil
	case w.err != nil:
		return w.err
	case !w.text.complete():
		w.s.closeInside()
		w.giveUp(frame.ErrSendText)
		return frame.ErrSendText
	}
	w.ended = true
	if err := w.finish(w.s.sendCallDeadline()); err != nil {
		return w.failed(err)
	}
	w.giveUp(errWriterClosed)
	return nil
}

// usable returns the error of a call after the end of the message.
func (w *messageWriter) usable() error {
	if w.err == nil && w.ended {
		return errWriterClosed
	}
	return w.err
}

// failed returns err. Unless it is a timeout before anything was sent, or nil, it is the
// writer's error from then on, and other messages may be sent.
func (w *messageWriter) failed(err error) error {
	if err == nil || err == os.ErrDeadlineExceeded && w.s.over() == nil {
		return err
	}
	w.giveUp(err)
	return err
}

// giveUp gives up what the writer holds.
func (w *messageWriter) giveUp(err error) {
	w.err = err
	w.slab.free()
	w.slab = nil
	if w.deflater != nil {
		w.deflater.Close()
	}
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	w.endMessage()
}

// closeInside closes the connection from within a message that cannot be ended. The peer's
// last messages are received for a while.
func (s *sender) closeInside() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sendClose(frame.StatusInternalError, cutReason, s.ownCloseDeadline())
	s.limitRecv(after(closeTimeout))
}
