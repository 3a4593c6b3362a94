package client

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"
)

// An idleConn is a connection that waits in the pool to be used again. A goroutine
// of its own watches it until the server sends something or ends the connection, its
// IdleTimeout has passed, or stop is called. Then the goroutine removes it from
// kind.idle and closes it. If a caller of Get has removed it first, the caller owns
// the connection and calls claim.
type idleConn struct {
	conn    *Conn              // for the caller of Get
	stop    context.CancelFunc // makes the goroutine stop watching
	stopped chan struct{}      // closed when it has stopped
	err     error              // why the connection cannot be used again; set before stopped is closed
}

// stopTimeout bounds the time from the call of stop to the end of the wait.
const stopTimeout = time.Second

// forever is the IdleTimeout that never passes.
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
// has ended. If the deadlines of the net.Conn do not work, the end of ctx may not
// end the wait; the connection is then closed after stopTimeout.
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
	r.err = r.conn.conn().Watch(ctx)
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

// claim ends the wait of r. The result is nil if the connection can be used again,
// and the context's cause if ctx is done first.
func (r *idleConn) claim(ctx context.Context) error {
	r.stop()
	select {
	case <-r.stopped:
		return r.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// abandon puts r back when its wait has ended. It is for a caller of claim whose
// context is done.
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
