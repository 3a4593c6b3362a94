package endpoint

import "context"

// A bound is a context that ends waits when it is done, by a deadline in the past.
// Until another bound is set, no wait moves that deadline: the deadline's mutex guards
// done as well.
type bound struct {
	done bool
	stop func() bool
}

// unbindable is the bound of a deadline that has no other one any more.
var unbindable = &bound{stop: func() bool { return true }}

// SetRecvContext has Recv calls return os.ErrDeadlineExceeded when ctx is done. It is
// described at server.Conn.
func (l *link) SetRecvContext(ctx context.Context) {
	l.reading.bind((*readSide)(l), ctx)
}

// bind makes ctx the bound of the waits that are under way and of those that follow,
// in place of the one before.
func (d *deadline) bind(of direction, ctx context.Context) {
	var b *bound
	if ctx.Done() != nil {
		b = new(bound)
		b.stop = context.AfterFunc(ctx, func() { d.endBound(of, b) })
		if ctx.Err() != nil {
			d.endBound(of, b) // the AfterFunc may take a while
		}
	}
	if old := d.setBound(of, b); old != nil {
		old.stop()
	}
}

// setBound makes b the bound, and returns the one that it is not any more. The context
// of b may be done already.
func (d *deadline) setBound(of direction, b *bound) (old *bound) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bound == unbindable {
		return b
	}
	old, d.bound = d.bound, b
	if b != nil && b.done {
		d.move(of, past)
	}
	return old
}

// endBound ends the wait that is under way, if b is the bound.
func (d *deadline) endBound(of direction, b *bound) {
	d.mu.Lock()
	defer d.mu.Unlock()
	b.done = true
	if d.bound == b {
		d.move(of, past)
	}
}

// unbind removes the bound for good.
func (d *deadline) unbind(of direction) {
	if old := d.setBound(of, unbindable); old != nil {
		old.stop()
	}
}

// bounded returns t, or past if the bound has ended. d.mu is held.
func (d *deadline) bounded(t instant) instant {
	if d.bound != nil && d.bound.done {
		return past
	}
	return t
}
