package client

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"
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

// stopTimeout bounds the time from the call of stop to the end of the wait.
const stopTimeout = time.Second

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
	p.background.Go(func() {
		r.watch(ctx)
		stop()
		if p.remove(k, r) {
			c.Close()
			p.release(k)
		}
	})
	return nil
}

// watch waits until ctx is done, the server has sent something, or the connection
// has ended. The end of ctx is meant to end the wait at once. If it does not, which
// takes a net.Conn whose deadlines do not work, the connection is closed after
// stopTimeout.
func (r *idleConn) watch(ctx context.Context) {
	unguarded := context.AfterFunc(ctx, func() {
		late := time.NewTimer(stopTimeout)
		defer late.Stop()
		select {
		case <-r.stopped:
		case <-late.C:
			r.conn.CloseNow()
		}
	})
	r.err = r.conn.conn().Rest(ctx)
	close(r.stopped)
	unguarded()
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
// If ctx is done before, it is the context's cause, and the caller has to abandon r.
func (r *idleConn) claim(ctx context.Context) error {
	r.stop()
	select {
	case <-r.stopped:
		return r.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// abandon puts r back when its wait has ended, for a caller of claim that does not
// need it any more.
func (p *Pool) abandon(k *kind, r *idleConn) {
	again := func() {
		<-r.stopped
		if r.err != nil || p.keep(k, r.conn) != nil {
			r.conn.CloseNow()
			p.release(k)
		}
	}
	if !p.inBackground(again) {
		r.conn.CloseNow()
		p.release(k)
	}
}
