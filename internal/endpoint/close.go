package endpoint

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/transport"
)

const (
	// closeTimeout bounds the closing handshake.
	closeTimeout = 5 * time.Second
	// minCloseTimeout is how long a Close frame may take that the connection sends
	// of its own accord, however short Timeout is. One for polling may pass on a
	// busy machine before the write begins.
	minCloseTimeout = time.Second
)

// maxClosing is how many closing handshakes of the process may wait for their peers at
// the same time. A peer that falls silent on purpose makes each last 5 seconds, and hold
// a descriptor and about 8 KiB: 64 MiB all together. It is a variable for tests.
var maxClosing int32 = 8192

// closings counts the closing handshakes that are under way. One that does not have to
// wait for its peer counts only for a moment.
var closings atomic.Int32

// beginClosing counts a closing handshake, until closings is lowered again, and returns
// how long it may take.
func beginClosing() time.Duration {
	if closings.Add(1) > maxClosing {
		return lastFlushTime
	}
	return closeTimeout
}

// A closing is a call of Close that is under way or has returned.
type closing struct {
	done chan struct{} // closed when it has returned
	err  error         // what it has returned
}

// Close does the closing handshake, with code if the Close frame is ours to
// begin with, and closes the connection underneath. All of it takes 5 seconds
// at most, or 5 milliseconds if too many others are under way. The result,
// which all calls share, is nil if both Close frames were exchanged.
func (c *Conn) Close(code frame.StatusCode) error {
	own := &closing{done: make(chan struct{})}
	if e := c.inEnding(); !e.closing.CompareAndSwap(nil, own) {
		other := e.closing.Load()
		<-other.done
		return other.err
	}
	defer close(own.done)
	own.err = c.close(code)
	return own.err
}

func (c *Conn) close(code frame.StatusCode) error {
	c.heart.end() // the closing handshake has a time of its own
	limit := after(beginClosing())
	defer closings.Add(-1)
	c.limitSend(limit)
	c.limitRecv(limit)
	fatal := c.Fatal() // after which nothing can be sent but the answer to a Close frame
	if closed, ok := fatal.(*frame.CloseError); ok {
		c.sendOwnClose(answerCode(closed.Code))
	} else if fatal == nil {
		c.sendOwnClose(code)
	}
	err := c.sendError() // if there is one, the peer does not know that this is the end
	if err == nil {
		err = c.awaitClose(limit)
	}
	if failed := c.sendError(); failed != nil {
		err = failed
		c.end(sendingFailed(failed))
	}
	if err == net.ErrClosed && passed(limit) {
		err = os.ErrDeadlineExceeded
	}
	if err == nil {
		// TLS has a goodbye of its own, which sets itself a deadline in 5 seconds.
		late := time.AfterFunc(until(limit), func() { transport.Abort(c.nc) })
		c.nc.Close()
		late.Stop()
	}
	c.CloseNow()
	return err
}

func (c *Conn) sendOwnClose(code frame.StatusCode) {
	c.send.mu.Lock()
	defer c.send.mu.Unlock()
	c.send.sendClose(code, "", c.ownCloseDeadline())
}

// CloseNow closes the connection underneath, without a closing handshake. If it was
// closed already, that is no error. Frames that were accepted are sent as far as the
// peer takes them at once.
func (c *Conn) CloseNow() error {
	c.mark(net.ErrClosed)
	c.flushLast()
	c.wake()
	err := transport.Abort(c.nc)
	if errors.Is(err, net.ErrClosed) {
		err = nil
	}
	c.dropRecv()
	c.dropSend()
	c.tellClosed()
	return err
}

// LimitLast begins the time that the peer has to take the frames that were accepted. A
// caller that closes many connections does not wait for each of them then.
func (c *Conn) LimitLast() { c.limitSend(after(lastFlushTime)) }

func (c *Conn) flushLast() {
	c.send.mu.Lock()
	defer c.send.mu.Unlock()
	c.send.flushLast()
}

func (c *Conn) dropRecv() {
	c.recv.mu.Lock()
	defer c.recv.mu.Unlock()
	c.recv.drop()
}

func (c *Conn) dropSend() {
	c.send.mu.Lock()
	defer c.send.mu.Unlock()
	c.send.drop()
}

// awaitClose receives until the peer's Close frame, unless that was received
// already, and then until TCP may be closed. Recv calls wait for its end.
func (c *Conn) awaitClose(limit instant) error {
	r := &c.recv
	r.mu.Lock()
	defer r.mu.Unlock()
	r.deadline = limit // whatever Timeout and SetRecvContext say: this is no Recv call
	r.unbind()
	r.dropReader(net.ErrClosed)
	r.inflation.close() // no message is inflated any more
	r.decoder.MaxPayloadLen = r.set.messageFrameLimit
	err := r.dropFrames()
	// Section 7.1.1: the server closes TCP first, and the client waits for it.
	// An endpoint that fails the connection has closed its half of TCP, and must
	// not close the other while the peer is sending: that would reset the
	// connection, and our Close frame could get lost.
	var broken *frame.ProtocolError
	if err == nil && r.decoder.Role == frame.Client || errors.As(err, &broken) {
		r.drain()
	}
	return err
}

// dropFrames receives frames up to the peer's Close frame.
func (r *receiver) dropFrames() error {
	for {
		f, err := r.nextPart()
		switch {
		case isClose(err):
			return nil
		case err != nil:
			return err
		case f.Opcode == frame.Close:
			r.closeReceived(f.Payload)
			return nil
		}
	}
}

// drain reads until the peer closes its half of TCP, or the limit.
func (r *receiver) drain() {
	r.mu.assertHeld()
	r.arm()
	w := &r.window
	for err := error(nil); err == nil; err = r.read() {
		w.consume(w.len())
	}
}

// answerCode returns the code with which to answer a Close frame: the same,
// or none if it had none.
func answerCode(code frame.StatusCode) frame.StatusCode {
	if code == frame.StatusNoStatusRcvd {
		return 0
	}
	return code
}
