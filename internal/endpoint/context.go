package endpoint

import "context"

// A life is the context of a connection.
type life struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
}

// Context returns a context that is done when the connection ends, with the error of
// Fatal as its cause. The first call makes it, with the values of parent.
func (l *link) Context(parent context.Context) context.Context {
	own := l.inEnding().life.Load()
	if own == nil {
		own = l.live(parent)
	}
	// A connection may have ended before there was a life to be told, or end now; see
	// Fatal.
	if err := l.Fatal(); err != nil {
		own.cancel(err)
	}
	return own.ctx
}

func (l *link) live(parent context.Context) *life {
	own := new(life)
	own.ctx, own.cancel = context.WithCancelCause(context.WithoutCancel(parent))
	if e := l.inEnding(); !e.life.CompareAndSwap(nil, own) {
		own = e.life.Load()
	}
	return own
}

// endLife ends the context, if there is one.
func (l *link) endLife(cause error) {
	if own := l.inEnding().life.Load(); own != nil {
		own.cancel(cause)
	}
}

// LeaveContext ends the context for a caller that gives the connection away, with
// cause. The next call of Context makes another.
func (l *link) LeaveContext(cause error) {
	e := l.ending.Load()
	if e == nil {
		return
	}
	if own := e.life.Swap(nil); own != nil {
		own.cancel(cause)
	}
}
