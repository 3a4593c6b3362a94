package client

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// An idleConn is a connection that waits in the pool to be used again, with a
// goroutine of its own that watches it. The goroutine takes it out of kind.idle
// and closes it when the server has sent something or ended the connection, or
// when it has waited for too long. A caller of Get that takes it out of kind.idle
// before calls claim, and owns it from then on.
type idleConn struct {
	conn    *Conn              // for the caller of Get
	stop    context.CancelFunc // makes the goroutine stop watching
	stopped chan struct{}      // closed when it has stopped
	err     error              // why the connection cannot be used again; set before stopped is closed
}

// forever is an IdleTimeout that does not end.
const forever = math.MaxInt64

// keep makes c wait in the pool, or gives it to the caller of Get that has waited
// longest for one. The error is ErrPoolClosed.
func (p *Pool) keep(k *kind, c *Conn) error {
	timeout := cmp.Or(p.IdleTimeout, defaultIdleTimeout)
	if timeout < 0 {
		timeout = forever
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrPoolClosed
	}
	ctx, stop := context.WithTimeout(context.Background(), timeout)
	r := &idleConn{conn: c, stop: stop, stopped: make(chan struct{})}
	if !k.offer(r) {
		k.idle = append(k.idle, r)
		k.evict(cmp.Or(p.MaxIdle, defaultMaxIdle))
	}
	p.watch.Go(func() {
		r.err = c.conn().Rest(ctx)
		stop()
		close(r.stopped)
		if p.remove(k, r) {
			c.Close()
			p.release(k)
		}
	})
	return nil
}

// remove takes r out of the idle connections of k. It reports false if a caller of
// Get has done so before.
func (p *Pool) remove(k *kind, r *idleConn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.Index(k.idle, r)
	if i < 0 {
		return false
	}
	k.idle = slices.Delete(k.idle, i, i+1)
	return true
}

// claim ends the wait of r. The result is nil if the connection can be used again.
func (r *idleConn) claim() error {
	r.stop()
	<-r.stopped
	return r.err
}
