package endpoint

import (
	"crypto/tls"
	"errors"
	"net"
	"time"

	"resty.websocket/frame"
)

const (
	// closeTimeout bounds the closing handshake.
	closeTimeout = 5 * time.Second
	// minCloseTimeout is how long a Close frame may take that the connection sends
	// of its own accord, however short Timeout is. One for polling may pass on a
	// busy machine before the write begins.
	minCloseTimeout = time.Second
)

// Close does the closing handshake, with code if the Close frame is ours to
// begin with, and closes the connection underneath. All of it takes 5 seconds
// at most. The result, which all calls share, is nil if both Close frames were
// exchanged.
func (c *Conn) Close(code frame.StatusCode) error {
	c.closing.Do(func() { c.closed = c.close(code) })
	return c.closed
}

func (c *Conn) close(code frame.StatusCode) error {
	limit := c.after(closeTimeout)
	c.limitSend(limit)
	c.limitRecv(limit)
	var closed *frame.CloseError
	if errors.As(c.Fatal(), &closed) {
		code = answerCode(closed.Code)
	}
	c.sendOwnClose(code)
	err := c.awaitClose(limit)
	if err == nil {
		err = c.sendError()
	}
	if err == nil {
		// TLS has a goodbye of its own, which sets itself a deadline in 5 seconds.
		late := time.AfterFunc(c.until(limit), func() { c.abort() })
		c.nc.Close()
		late.Stop()
	}
	c.CloseNow()
	return err
}

// CloseNow closes the connection underneath, without a closing handshake. That
// somebody else has closed it is no error.
func (c *Conn) CloseNow() error {
	c.end(net.ErrClosed)
	err := c.abort()
	if errors.Is(err, net.ErrClosed) {
		err = nil
	}
	c.recv.mu.Lock()
	c.recv.window.drop()
	c.recv.message.drop()
	c.deflation.dropRecv()
	c.recv.mu.Unlock()
	c.send.mu.Lock()
	c.send.cork.drop()
	c.deflation.dropSend()
	c.send.mu.Unlock()
	return err
}

// abort closes TCP. Of a TLS connection, or of one through another, it closes
// what is beneath: to let TLS say goodbye would take 5 seconds with a peer that
// does not read.
func (c *Conn) abort() error {
	for nc := c.nc; ; {
		secure, ok := nc.(*tls.Conn)
		if !ok {
			return nc.Close()
		}
		nc = secure.NetConn()
	}
}

// sendError returns the error of the write that has failed, if one has.
func (c *Conn) sendError() error {
	c.send.mu.Lock()
	defer c.send.mu.Unlock()
	return c.send.err
}

// awaitClose receives until the peer's Close frame, unless that was received
// already, and then until TCP may be closed. Nobody else receives any more.
func (c *Conn) awaitClose(limit instant) error {
	c.recv.mu.Lock()
	defer c.recv.mu.Unlock()
	c.recv.deadline = limit // whatever Timeout says: this is no Recv call
	c.deflation.dropRecv()  // no message is inflated any more
	err := c.dropFrames()
	// Section 7.1.1: the server closes TCP first, and the client waits for it.
	// Who fails the connection has closed its half of TCP, and must not close
	// the other while the peer is sending: that would reset the connection, and
	// our Close frame could get lost.
	var broken *frame.ProtocolError
	if err == nil && c.role == frame.Client || errors.As(err, &broken) {
		c.drain()
	}
	return err
}

// dropFrames receives frames up to the peer's Close frame.
func (c *Conn) dropFrames() error {
	for {
		f, err := c.next(-1)
		switch {
		case isClose(err):
			return nil
		case err != nil:
			return err
		case f.Opcode == frame.Close:
			c.closeReceived(f.Payload)
			return nil
		}
	}
}

// drain reads until the peer closes its half of TCP, or the limit.
func (c *Conn) drain() {
	c.armRecv()
	w := &c.recv.window
	for err := error(nil); err == nil; err = c.recv.source.read() {
		w.consume(w.len())
	}
}

// failProtocol fails the connection (RFC 6455, Section 7.1.7) for an err of
// the decoder's, which it returns: it tells the peer why in a Close frame and
// closes this half of TCP.
func (c *Conn) failProtocol(err error) error {
	var broken *frame.ProtocolError
	if !errors.As(err, &broken) {
		return c.end(err)
	}
	if !c.fatal.CompareAndSwap(nil, &err) {
		return c.Fatal()
	}
	limit := c.closeDeadline()
	c.limitSend(limit)
	c.beginSend()
	defer c.send.mu.Unlock()
	c.send.deadline = limit
	if c.queue(true, frame.Close, frame.AppendClose(nil, broken.Code, broken.Reason), nil) == nil {
		c.flush()
	}
	if half, ok := c.nc.(interface{ CloseWrite() error }); ok && c.send.err == nil {
		// For TLS, this is its goodbye.
		late := time.AfterFunc(c.until(limit), func() { (*writing)(c).setDeadline(past) })
		half.CloseWrite()
		late.Stop()
	}
	return err
}

// sendOwnClose sends a Close frame that the caller has not asked for.
func (c *Conn) sendOwnClose(code frame.StatusCode) error {
	c.beginSend()
	defer c.send.mu.Unlock()
	c.send.deadline = c.closeDeadline()
	return c.sendNow(true, frame.Close, frame.AppendClose(nil, code, ""), nil)
}

// closeDeadline returns the deadline of a Close frame that the caller has not
// asked for.
func (c *Conn) closeDeadline() instant {
	bound := closeTimeout
	if timeout := time.Duration(c.timeout.Load()); timeout > 0 {
		bound = min(bound, max(timeout, minCloseTimeout))
	}
	return c.after(bound)
}

// answerCode returns the code with which to answer a Close frame: the same,
// or none if it had none.
func answerCode(code frame.StatusCode) frame.StatusCode {
	if code == frame.StatusNoStatusRcvd {
		return 0
	}
	return code
}
