package endpoint

import (
	"errors"
	"io"
	"os"
)

const (
	// heldLen is how much is read at once where the slab is held while waiting.
	heldLen = 2 << 10
	// partLen is how much is read at once in such a place, of a message that is
	// received in parts.
	partLen = 16 << 10
	// maxEmptyReads is how many reads in a row may return no byte and no error.
	maxEmptyReads = 100
)

// errUnarmed is the error of a read that would have to wait, but for which a
// deadline has to be set first. fill does that: the stack of a goroutine that waits
// is to stay small, and setting one takes 600 bytes of it.
var errUnarmed = errors.New("endpoint: no deadline to wait by")

// fill reads what there is behind the window, and waits for it if there is
// nothing. A timeout is os.ErrDeadlineExceeded, whatever the net.Conn says.
func (r *receiver) fill() error {
	r.mu.assertHeld()
	if r.sender.hold.readOn() {
		r.flushAnswers()
	}
	if r.deadline == unread {
		r.deadline = unknown
	} else if !r.armed() {
		// A peer that always has more to say, pings for instance, never makes
		// the call wait, and must not make it last for ever either.
		r.arm()
	}
	for {
		err := r.read()
		switch {
		case err == nil || err == ErrNothing:
			return err
		case err == errUnarmed:
			r.arm()
			continue
		case r.reading.expired(err):
			// The deadline may have been that of an earlier call.
			if moved := r.arm(); moved {
				continue
			}
			err = os.ErrDeadlineExceeded
		}
		r.window.shrink()
		return err
	}
}

// flushAnswers sends the frames that were held back, without waiting.
func (r *receiver) flushAnswers() {
	r.sender.mu.Lock()
	defer r.sender.mu.Unlock()
	r.sender.flushSoon()
}

// callDeadline returns the deadline of the Recv call that is under way, whose
// time begins when it first has to wait, or may have to.
func (r *receiver) callDeadline() instant {
	r.mu.assertHeld()
	if r.deadline == unknown || r.deadline == unread {
		r.deadline = r.recvCallDeadline()
	}
	return r.deadline
}

// arm sets that deadline. It reports whether another one was set before.
func (r *receiver) arm() (moved bool) { return r.armRecv(r.callDeadline()) }

// armed reports whether a wait may begin with the deadline that is set. It may
// be an earlier one, of another call: arm moves it when it has passed, which
// costs less than to do so in each call.
func (r *receiver) armed() bool { return r.reading.covers(r.callDeadline()) }

// read reads once. A socket of the kernel's is read through its RawConn, which can
// wait while the connection holds no buffer at all.
func (r *receiver) read() error {
	r.mu.assertHeld()
	switch {
	case r.own() != nil:
		return r.readOwn()
	case r.raw != nil:
		return r.readRaw()
	}
	return r.readConn()
}

// readConn is read for a net.Conn that has to be given a buffer before it can wait:
// a TLS connection, or one of the caller's own making.
func (r *receiver) readConn() error {
	r.mu.assertHeld()
	w := &r.window
	w.makeRoom(heldLen, r.frameLen())
	r.arm()
	r.heart.waiting()
	n, err := r.readSome(w.tail())
	w.extend(n)
	if n > 0 {
		r.heart.received()
		return nil // an error will be there again
	}
	r.heart.foundNothing()
	return err
}

// readSome reads a byte at least, or returns an error.
func (l *link) readSome(p []byte) (n int, err error) {
	for range maxEmptyReads {
		if n, err = l.nc.Read(p); n > 0 || err != nil {
			return n, err
		}
	}
	return 0, io.ErrNoProgress
}
