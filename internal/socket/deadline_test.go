//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"
)

// TestDeadlinePassed has deadlines that have passed already, with something to be read,
// and has them moved.
func TestDeadlinePassed(t *testing.T) {
	c, peer := pair(t, "tcp")
	peer.Write([]byte("Hello"))
	arrived(t, c, 5)
	c.SetDeadline(time.Now().Add(-time.Second))
	var netErr net.Error
	if _, err := c.Read(make([]byte, 8)); !errors.As(err, &netErr) || !netErr.Timeout() || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Read returns %v", err)
	}
	if _, err := c.TryRead(make([]byte, 8)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("TryRead returns %v", err)
	}
	if err := c.AwaitRead(); err != os.ErrDeadlineExceeded {
		t.Errorf("AwaitRead returns %v", err)
	}
	if _, err := c.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Write returns %v", err)
	}
	if n, err := c.TryWrite([]byte("x")); n != 1 || err != nil {
		t.Errorf("TryWrite, which does not wait, returns %d, %v", n, err)
	}
	c.SetDeadline(time.Now().Add(time.Hour))
	wantRead(t, c, 8, "Hello")
	if _, err := c.Write([]byte("x")); err != nil {
		t.Error(err)
	}
}

// TestDeadlinePasses has a call wait for a deadline, set before or while it waits.
func TestDeadlinePasses(t *testing.T) {
	const soon = 5 * time.Millisecond
	for name, set := range map[string]func(c *Conn){
		"set_before": func(c *Conn) { c.SetDeadline(time.Now().Add(soon)) },
		"moved_before": func(c *Conn) {
			c.SetDeadline(time.Now().Add(time.Hour))
			c.SetDeadline(time.Now().Add(soon))
		},
		"moved_later": func(c *Conn) {
			c.SetDeadline(time.Now().Add(time.Hour))
			go func() {
				awaitWaiting(c, readLate, 1)
				c.SetDeadline(time.Now().Add(soon))
			}()
		},
		"set_to_the_past": func(c *Conn) {
			go func() {
				awaitWaiting(c, readLate, 1)
				c.SetReadDeadline(time.Unix(1, 0))
				c.SetWriteDeadline(time.Unix(1, 0))
			}()
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := pair(t, "tcp")
			fill(t, c)
			set(c)
			if _, err := c.Read(make([]byte, 8)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("Read returns %v", err)
			}
			if _, err := c.Write(make([]byte, 1<<20)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("Write returns %v", err)
			}
			holdsNothing(t, c)
		})
	}
}

// TestDeadlineMovedAway has a deadline expire just when it has been moved.
func TestDeadlineMovedAway(t *testing.T) {
	c, peer := pair(t, "tcp")
	for _, later := range []time.Time{time.Now().Add(time.Hour), {}} {
		c.SetDeadline(time.Now().Add(time.Hour))
		r := c.rare
		read, write := r.readTime, r.writeTime
		read.stop() // as if they had begun to expire
		write.stop()
		c.SetDeadline(later)
		read.expire()
		write.expire()
		peer.Write([]byte("Hello"))
		wantRead(t, c, 8, "Hello")
		if _, err := c.Write([]byte("x")); err != nil {
			t.Error(err)
		}
	}
	c.SetDeadline(time.Time{})
	holdsNothing(t, c)
}

// TestDeadlineParked has the deadline pass of a Conn that is parked.
func TestDeadlineParked(t *testing.T) {
	c, _ := pair(t, "tcp")
	tryWouldBlock(t, c)
	stopPoller(t, c)()
	s := &stopper{make(chan bool), make(chan bool)}
	park(t, c, s)
	c.SetReadDeadline(time.Now().Add(time.Millisecond))
	<-s.stopped
	close(s.released)
	if _, err := c.TryRead(make([]byte, 8)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("TryRead returns %v", err)
	}
}

// holdsNothing fails t if c holds memory for a wait or a deadline.
func holdsNothing(t *testing.T, c *Conn) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rare != nil || c.reader != nil {
		t.Errorf("memory is held: %v, %+v", c.reader, c.rare)
	}
}
