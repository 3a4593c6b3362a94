package client

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// A resting is a connection that waits in the pool, with a goroutine of its own
// that notices when it has to go: the server has sent something or ended the
// connection, or its time is over. Whoever takes it out of kind.idle, be it that
// goroutine, owns it from then on.
type resting struct {
	conn   *Conn
	cancel context.CancelFunc // ends the rest
	over   chan struct{}      // closed when the rest has ended
	err    error              // what made the connection useless meanwhile
}

// forever is an IdleTimeout that does not end.
const forever = math.MaxInt64

// rest makes c wait in the pool, or gives it to whoever waits for it. The error
// is ErrPoolClosed.
func (p *Pool) rest(k *kind, c *Conn) error {
	timeout := cmp.Or(p.IdleTimeout, defaultIdleTimeout)
	if timeout < 0 {
		timeout = forever
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrPoolClosed
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	r := &resting{conn: c, cancel: cancel, over: make(chan struct{})}
	if !k.offer(r) {
		k.idle = append(k.idle, r)
		k.evict(cmp.Or(p.MaxIdle, defaultMaxIdle))
	}
	p.watch.Go(func() {
		r.err = c.conn.Rest(ctx)
		cancel()
		close(r.over)
		if p.remove(k, r) {
			c.Close()
			p.release(k)
		}
	})
	return nil
}

// remove takes r out of the idle connections. It reports false if somebody else
// has done so.
func (p *Pool) remove(k *kind, r *resting) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.Index(k.idle, r)
	if i < 0 {
		return false
	}
	k.idle = slices.Delete(k.idle, i, i+1)
	return true
}

// wake ends the rest. The result is nil if the connection is as good as new.
func (r *resting) wake() error {
	r.cancel()
	<-r.over
	return r.err
}
