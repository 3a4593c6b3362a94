//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import "sync"

// A waiter is a goroutine that waits. It is the Parker of itself.
type waiter struct {
	woken sync.WaitGroup
	next  Parker // another that waits for the same, or nil
}

var waiters = sync.Pool{New: func() any { return new(waiter) }}

// newWaiter returns a waiter in front of next. Its wait method must be called.
func newWaiter(next Parker) *waiter {
	w := waiters.Get().(*waiter)
	w.next = next
	w.woken.Add(1)
	return w
}

func (w *waiter) wait() {
	w.woken.Wait()
	waiters.Put(w)
}

// Wake ends wait, and w must not be used from then on.
func (w *waiter) Wake() { w.woken.Done() }

// wake wakes p and those behind it. It is called without the lock of their Conn, which
// they may take.
func wake(p Parker) {
	for p != nil {
		var next Parker
		if w, ok := p.(*waiter); ok {
			next, w.next = w.next, nil
		}
		p.Wake()
		p = next
	}
}

// behind returns p behind all of first, and whether there is no Parker there already
// that is no waiter.
func behind(first, p Parker) (all Parker, ok bool) {
	if first == nil {
		return p, true
	}
	last, ok := first.(*waiter)
	for ok && last.next != nil {
		last, ok = last.next.(*waiter)
	}
	if ok {
		last.next = p
	}
	return first, ok
}

// takeReaders and takeWriters return those that wait, to be woken. c.mu is held.
func (c *Conn) takeReaders() Parker {
	all := c.reader
	c.reader = nil
	return all
}

func (c *Conn) takeWriters() Parker {
	if c.rare == nil {
		return nil
	}
	all := c.rare.writer
	c.rare.writer = nil
	c.dropRare()
	return all
}

// An event is what a poller tells of a socket.
type event struct {
	fd       int
	readable bool // there is something to read, or an end or an error to be found by reading
	doubtful bool // there is more to it than bytes that are read in order
	writable bool
}

// happened makes c ready for e. As descriptors are used again, e may be of an earlier
// socket, so that it only means that it is worth trying.
func (c *Conn) happened(e event) {
	var readers, writers Parker
	c.mu.Lock()
	if e.readable {
		c.state |= readable
		readers = c.takeReaders()
	}
	if e.doubtful {
		c.state |= doubtful
	}
	if e.writable {
		c.state |= writable
		writers = c.takeWriters()
	}
	c.mu.Unlock()
	wake(readers)
	wake(writers)
}
