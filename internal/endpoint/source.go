package endpoint

import (
	"errors"
	"os"
)

// heldLen is how much is read at once where the slab is held while waiting.
const heldLen = 2 << 10

// errUnarmed is the error of a read that would have to wait, but for which a
// deadline has to be set first. Who reads leaves that to fill: the stack of a
// goroutine that waits is to stay small, and setting one takes 600 bytes of it.
var errUnarmed = errors.New("websocket: no deadline to wait by")

// fill reads what there is behind the window, and waits for it if there is
// nothing. A timeout is os.ErrDeadlineExceeded, whatever the net.Conn says.
func (c *Conn) fill() error {
	if err := c.uncork(); err != nil {
		return err
	}
	if c.recv.reads++; c.recv.reads > 1 && !c.recvArmed() {
		// A peer that has always more to say, pings for instance, never makes
		// the call wait, and must not make it last for ever either.
		c.armRecv()
	}
	for {
		err := c.recv.source.read()
		switch {
		case err == nil:
			return nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			// What has passed may have been the time to pack, or the deadline of
			// an earlier call.
			c.packIfDue()
			if moved := c.armRecv(); moved {
				continue
			}
			err = os.ErrDeadlineExceeded
		case err == errUnarmed:
			c.armRecv()
			continue
		}
		c.recv.window.shrink()
		return err
	}
}

// recvDeadline returns the deadline of the Recv call that is under way, whose
// time begins when it first has to wait, or may have to.
func (c *Conn) recvDeadline() instant {
	if c.recv.deadline == unknown {
		c.recv.deadline = c.callDeadline()
	}
	return c.recv.deadline
}

// recvAlarm returns when a wait has to end: at the deadline of the Recv call that
// is under way, or at the time to pack if that is earlier.
func (c *Conn) recvAlarm() instant { return earlier(c.recvDeadline(), c.packTime()) }

// armRecv sets that deadline. It reports whether another one was set before.
func (c *Conn) armRecv() (moved bool) {
	return c.recv.alarm.arm((*reading)(c), c.recvAlarm())
}

// recvArmed reports whether a wait may begin with the deadline that is set. It may
// be an earlier one, of another call: armRecv moves it when it has passed, which
// costs less than to do so in each call.
func (c *Conn) recvArmed() bool { return c.recv.alarm.covers(c.recvAlarm()) }

// readHolding is read for a net.Conn that has to be given a buffer before it
// can wait: a TLS connection, or one of the caller's own making.
func (c *Conn) readHolding() error {
	w := &c.recv.window
	w.makeRoom(heldLen, c.frameLen())
	c.armRecv()
	n, err := c.nc.Read(w.tail())
	w.extend(n)
	if n > 0 {
		return nil // an error will be there again
	}
	return err
}
