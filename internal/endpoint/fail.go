package endpoint

import (
	"errors"
	"time"

	"resty.websocket/frame"
)

// failProtocol fails the connection (RFC 6455, Section 7.1.7) for an err of
// the decoder's, which it returns: it tells the peer why in a Close frame and
// closes this half of TCP.
func (r *receiver) failProtocol(err error) error {
	r.mu.assertHeld()
	var broken *frame.ProtocolError
	if !errors.As(err, &broken) {
		return r.end(err)
	}
	if !r.mark(err) {
		return r.Fatal()
	}
	deadline := r.ownCloseDeadline()
	r.limitSend(deadline)
	if r.sendClose(broken.Code, broken.Reason, deadline) == nil {
		r.closeWrite(deadline) // without the sender's lock: an Offer must not wait for it
	}
	return err
}

// sendClose is the sender's sendClose for a caller without its lock.
func (r *receiver) sendClose(code frame.StatusCode, reason string, deadline instant) error {
	r.sender.mu.Lock()
	defer r.sender.mu.Unlock()
	return r.sender.sendClose(code, reason, deadline)
}

// closeWrite closes this half of TCP, if the net.Conn can do that. For TLS, this is
// its goodbye, which takes until the deadline at most.
func (l *link) closeWrite(deadline instant) {
	half, ok := l.nc.(interface{ CloseWrite() error })
	if !ok {
		return
	}
	late := time.AfterFunc(until(deadline), func() { l.limitSend(past) })
	defer late.Stop()
	half.CloseWrite()
}

// ownCloseDeadline returns the deadline of a Close frame that the caller has not
// asked for.
func (l *link) ownCloseDeadline() instant {
	bound := closeTimeout
	if timeout := l.timeout(); timeout > 0 {
		bound = min(bound, max(timeout, minCloseTimeout))
	}
	return after(bound)
}
