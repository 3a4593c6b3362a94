package server

import (
	"iter"
	"slices"
	"sync"

	"resty.websocket/frame"
)

// A Group is a set of connections: all those of a server, with Options.Group, or those in
// a room, with Add. The zero value is an empty group. A Group must not be copied, and its
// fields must not be changed, once it is used.
//
// A connection may be in any number of groups. When it ends, it leaves all of them: Len,
// All and Broadcast do not see it any more. It counts for MaxConns, Shutdown and Stats
// until it is closed as well; one of Options.Group also until the function of Handler, or
// Close of the Session, has returned. The caller of New must therefore close a connection
// that has ended, as ever.
//
// A group has no goroutine. A member takes some 150 bytes for its first group and 40 to 70
// for each further one. To join or to leave takes about a microsecond, in a group of any
// size and for a connection in any number of groups. A connection that ends leaves 10,000
// groups in some milliseconds.
//
// Multiple goroutines may invoke all methods simultaneously.
type Group struct {
	// Slow says what Broadcast does with a member that does not take its messages as
	// fast as they come.
	Slow SlowPolicy

	// MaxConns is how many connections Options.Group lets into the group. A request
	// beyond them is refused with 503. A connection counts from the beginning of its
	// opening handshake until it is closed. Those of Add count too, and are never
	// refused. If zero or negative, there is no limit.
	MaxConns int

	mu       sync.Mutex // taken last: no other lock is taken while it is held
	list     list
	places   int   // that are taken: by the list's, and by handshakes that are under way
	sums     Stats // of members that have left, less what the others had when they joined
	shutdown bool
	empty    chan struct{} // closed when the last one leaves; nil if nothing waits for that
}

// A SlowPolicy says what Broadcast does with a member for whose message there is no room
// in Options.MaxBacklog.
type SlowPolicy int

const (
	// CloseSlow sends the member a Close frame with [frame.StatusTryAgainLater] behind
	// what waits for it. The client then has 5 seconds, after which the connection
	// ends.
	CloseSlow SlowPolicy = iota

	// SkipSlow does not send the message to the member. Later messages are sent if
	// there is room for them.
	SkipSlow
)

// Broadcast offers m to all members, as [Conn.Offer] does, and waits for none of them. A
// member that is too slow meets with Slow. The messages of one goroutine arrive in order
// at each member. A connection that joins or leaves meanwhile may get m or not, but never
// twice.
//
// Beside the Offers, Broadcast copies 8 bytes a member. It allocates nothing.
func (g *Group) Broadcast(m *Prepared) {
	to := copies.Get().(*[]*Conn)
	*to = g.members((*to)[:0])
	for _, c := range *to {
		if err := c.conn.Offer(m); err != nil {
			g.notOffered(c, err)
		}
	}
	clear(*to)
	copies.Put(to)
}

// copies are for members to whom something is sent without the group's lock.
var copies = sync.Pool{New: func() any { return new([]*Conn) }}

// members appends the members to dst.
func (g *Group) members(dst []*Conn) []*Conn {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append(dst, g.list.members()...)
}

// notOffered deals with the error of an Offer to c.
func (g *Group) notOffered(c *Conn, err error) {
	switch {
	case err != ErrBacklogFull:
		c.conn.Fatal() // which notices the end of a connection whose sends have failed
	case g.Slow == SkipSlow:
		c.memberships().skipped.Add(1)
	case c.conn.OfferClose(frame.StatusTryAgainLater, "too slow") == nil:
		c.memberships().slow.Store(true)
	}
}

// Add makes c a member, unless it is one or has ended. If the group shuts down or has shut
// down, c is sent the Close frame of Shutdown at once.
func (g *Group) Add(c *Conn) {
	if _, goodbye := c.makeMemberships().join(g, c, false); goodbye {
		c.goAway()
	}
}

// Remove makes c a member no longer, if it is one. Shutdown does not wait for it any more.
func (g *Group) Remove(c *Conn) {
	if m := c.memberships(); m != nil {
		m.leave(g)
	}
}

// Len returns the number of members.
func (g *Group) Len() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.list.live
}

// All returns an iterator over the members. They are those of the moment at which the
// iteration begins, in no particular order. The loop may Add, Remove and close them.
func (g *Group) All() iter.Seq[*Conn] {
	return func(yield func(*Conn) bool) {
		slices.Values(g.members(nil))(yield)
	}
}
