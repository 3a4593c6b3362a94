package endpoint

import "context"

// A bound ends the waits of Recv calls at a moment of its own, by the deadline that is
// set then: when a context is done, or at the deadline of a stream. Until another bound
// is set, no wait lasts longer. The mutex of the link's reading deadline guards it.
type bound struct {
	until instant     // never: the context is not done
	stop  func() bool // of the context
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

// setRecvDeadline makes t the bound, which is the deadline of a stream.
func (l *link) setRecvDeadline(t instant) {
	if old := l.setBound(&bound{until: t, stop: func() bool { return true }}); old != nil {
		old.stop()
	}
}

// setBound makes b the bound of the waits that are under way and of those that follow.
// It returns the one that it is not any more. The context of b may be done already.
func (l *link) setBound(b *bound) (old *bound) {
	l.reading.mu.Lock()
	defer l.reading.mu.Unlock()
	if b == nil && l.ending.Load() == nil {
		return nil
	}
	e := l.inEnding()
	if e.recvBound == unbindable {
		return b
	}
	old, e.recvBound = e.recvBound, b
	if b != nil && earlier(b.until, l.reading.armed) == b.until {
		l.reading.move((*readSide)(l), b.until)
	}
	return old
}

// endBound ends the wait that is under way, if b is the bound.
func (l *link) endBound(b *bound) {
	l.reading.mu.Lock()
	defer l.reading.mu.Unlock()
	b.until = past
	if l.inEnding().recvBound == b {
		l.reading.move((*readSide)(l), past)
	}
}

// unbind removes the bound for good.
func (l *link) unbind() {
	if old := l.setBound(unbindable); old != nil {
		old.stop()
	}
}

// removeBound removes the bound, if there is one, and any deadline that has passed because
// of it or that the program has set on the net.Conn.
func (l *link) removeBound() {
	if old := l.setBound(nil); old != nil {
		old.stop()
	}
	l.reading.set((*readSide)(l), never)
}
