package endpoint

import (
	"errors"
	"os"
	"time"
)

// heldLen is how much is read at once where the slab is held while waiting.
const heldLen = 2 << 10

// fill reads what there is behind the window, and waits for it if there is
// nothing. A timeout is os.ErrDeadlineExceeded, whatever the net.Conn says.
func (c *Conn) fill() error {
	if err := c.uncork(); err != nil {
		return err
	}
	for {
		err := c.read()
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
		if c.recv.alarm.rung(c.recvDeadline(), time.Now()) {
			return os.ErrDeadlineExceeded
		}
		// The deadline that has passed was that of an earlier call.
		c.armRecv()
	}
}

// recvDeadline returns the deadline of the Recv call that is under way, whose
// time begins with its first wait.
func (c *Conn) recvDeadline() time.Time {
	if c.recv.deadline.IsZero() {
		c.recv.deadline = c.callDeadline()
	}
	return c.recv.deadline
}

func (c *Conn) armRecv() { c.recv.alarm.arm(c.nc.SetReadDeadline, c.recvDeadline()) }

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
	w.shrink()
	return err
}
