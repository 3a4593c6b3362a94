package server

import (
	"context"
	"runtime"
	"sync"
	"time"

	"resty.websocket/frame"
)

const (
	// goodbyePause is the time between two Close frames of a Shutdown without a deadline.
	goodbyePause = time.Millisecond
	// maxGoodbyePause is the longest.
	maxGoodbyePause = 100 * time.Millisecond
)

// Shutdown ends the group: it refuses new connections with 503, sends a Close frame with
// [frame.StatusGoingAway] to all members, and returns nil when all have left. If ctx is
// done before, it closes those that are left, as by [Conn.CloseNow], and returns the cause
// of ctx.
//
// The Close frames are spread over the first half of the time that ctx has, so that the
// clients do not all connect elsewhere at the same moment: evenly, and 100 milliseconds
// apart at most. If ctx has no deadline, they are a millisecond apart. A member goes on
// until its turn has come. Then nothing can be sent to it any more, and its client has 5
// seconds to answer, after which the connection is closed. A message in several frames
// that is being sent has half of that to end before its Close frame.
//
// A member leaves when it is closed and its function or Session has returned; see Group. The
// function of Handler must therefore return when a call that receives returns an error, and
// the caller of New must close the connection. A function or Session that serves a member
// must not call Shutdown.
//
// [http.Server.Shutdown] does not know about WebSocket connections, and does not wait for
// the functions of RegisterOnShutdown. A program calls both Shutdowns, the server's first:
//
//	err := srv.Shutdown(ctx) // no more requests
//	err = errors.Join(err, group.Shutdown(ctx))
//
// A group cannot be opened again. Further calls of Shutdown wait like the first.
func (g *Group) Shutdown(ctx context.Context) error {
	empty := g.beginShutdown()
	if g.sendGoodbyes(ctx, empty) {
		return nil
	}
	select {
	case <-empty:
		return nil
	case <-ctx.Done():
	}
	g.closeNow()
	return context.Cause(ctx)
}

// beginShutdown refuses connections from now on, and returns a channel that is closed when
// all have left.
func (g *Group) beginShutdown() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shutdown = true
	empty := g.empty
	if empty == nil {
		empty = make(chan struct{})
		g.empty = empty
		g.tellEmpty()
	}
	return empty
}

// sendGoodbyes sends the Close frames. It reports whether all members have left meanwhile.
// When ctx is done, the rest of them is sent at once.
func (g *Group) sendGoodbyes(ctx context.Context, empty <-chan struct{}) (left bool) {
	members := g.members(nil)
	pause := goodbyePause
	if deadline, ok := ctx.Deadline(); ok {
		pause = min(max(0, time.Until(deadline)/2/time.Duration(max(1, len(members)))), maxGoodbyePause)
	}
	begun := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for i, c := range members {
		if wait := time.Until(begun.Add(time.Duration(i) * pause)); wait > 0 {
			timer.Reset(wait)
			select {
			case <-timer.C:
			case <-empty:
				return true
			case <-ctx.Done():
			}
		}
		c.goAway()
		members[i] = nil
	}
	return false
}

// goAway tells the client that the server goes away.
func (c *Conn) goAway() { c.conn.OfferClose(frame.StatusGoingAway, "") }

// closeNow closes all connections that are left.
func (g *Group) closeNow() {
	g.mu.Lock()
	left := append([]*Conn(nil), g.list.conns...)
	g.mu.Unlock()
	for _, c := range left {
		c.conn.LimitLast() // of all of them at once
	}
	var all sync.WaitGroup
	workers := min(len(left), 4*runtime.GOMAXPROCS(0))
	for w := range workers {
		all.Go(func() {
			for i := w; i < len(left); i += workers {
				left[i].conn.CloseNow()
			}
		})
	}
	all.Wait()
}
