package endpoint

import "context"

// A bound is a context that ends waits when it is done, by a deadline in the past.
// Until another bound is set, no wait moves that deadline: the deadline's mutex guards
// done as well.
type bound struct {
	done bool
	stop func() bool
}

// unbindable is the bound of a link that has no other one any more.
var unbindable = &bound{stop: func() bool { return true }}

// SetRecvContext has Recv calls return os.ErrDeadlineExceeded when ctx is done. It is
// described at server.Conn.
func (l *link) SetRecvContext(ctx context.Context) {
	var b *bound
	if ctx.Done() != nil {
		b = new(bound)
		b.stop = context.AfterFunc(ctx, func() { l.endBound(b) })
		if ctx.Err() != nil {
			l.endBound(b) // the AfterFunc may take a while
		}
	}
	if old := l.setBound(b); old != nil {
		old.stop()
	}
}

// setBound makes b the bound of the waits that are under way and of those that follow.
// It returns the one that it is not any more. The context of b may be done already.
func (l *link) setBound(b *bound) (old *bound) {
	l.reading.mu.Lock()
	defer l.reading.mu.Unlock()
	if l.recvBound == unbindable {
		return b
	}
	old, l.recvBound = l.recvBound, b
	if b != nil && b.done {
		l.reading.move((*readSide)(l), past)
	}
	return old
}

// endBound ends the wait that is under way, if b is the bound.
func (l *link) endBound(b *bound) {
	l.reading.mu.Lock()
	defer l.reading.mu.Unlock()
	b.done = true
	if l.recvBound == b {
		l.reading.move((*readSide)(l), past)
	}
}

// unbind removes the bound for good.
func (l *link) unbind() {
	if old := l.setBound(unbindable); old != nil {
		old.stop()
	}
}

func (r *readSide) bounded(t instant) instant {
	if r.recvBound != nil && r.recvBound.done {
		return past
	}
	return t
}

func (w *writeSide) bounded(t instant) instant { return t }
