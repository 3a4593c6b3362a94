package server

import (
	"sync"
	"sync/atomic"

	"resty.websocket/internal/endpoint"
)

// Memberships are the groups that a connection is in, and what the groups count of it. A
// Conn has them once it has joined a group.
//
// A connection that ends calls Ended with a lock of its own held. While mu is held, no
// method of the connection may therefore be called.
type memberships struct {
	endpoint.Observer
	skipped atomic.Uint64 // messages
	slow    atomic.Bool   // it was closed because it was slow

	mu     sync.Mutex
	first  membership // in one group; most connections are in no other
	others map[*Group]*membership
	ended  bool
	closed bool
	served bool // it counts until release
}

// memberships returns those of c, or nil if it has not joined a group.
func (c *Conn) memberships() *memberships {
	o := c.conn.Observer()
	if o == nil {
		return nil
	}
	return o.Owner.(*memberships)
}

// makeMemberships returns those of c, which it makes if need be.
func (c *Conn) makeMemberships() *memberships {
	if m := c.memberships(); m != nil {
		return m
	}
	m := new(memberships)
	m.Owner = m
	return c.conn.Observe(&m.Observer).Owner.(*memberships)
}

// join makes c a member of g, which may have reserved a place for it. It reports whether c
// has to be told that g shuts down.
func (m *memberships) join(g *Group, c *Conn, reserved bool) (goodbye bool) {
	// A connection that ends from now on calls Ended.
	if c.conn.Fatal() != nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended || m.find(g) != nil {
		return false
	}
	own := &m.first
	if own.group != nil {
		own = new(membership)
		if m.others == nil {
			m.others = make(map[*Group]*membership)
		}
		m.others[g] = own
	}
	own.group = g
	return g.join(own, c, reserved)
}

// leave makes the connection leave g.
func (m *memberships) leave(g *Group) {
	m.mu.Lock()
	defer m.mu.Unlock()
	own := m.find(g)
	switch own {
	case nil:
		return
	case &m.first:
		defer func() { m.first = membership{} }()
	default:
		if delete(m.others, g); len(m.others) == 0 {
			m.others = nil // whose room would stay
		}
	}
	g.leave(own, m)
}

// find returns the connection's place in g, or nil.
func (m *memberships) find(g *Group) *membership {
	if m.first.group == g {
		return &m.first
	}
	return m.others[g]
}

// each calls fn for each group.
func (m *memberships) each(fn func(*membership)) {
	if m.first.group != nil {
		fn(&m.first)
	}
	for _, other := range m.others {
		fn(other)
	}
}

// Ended takes the connection out of the members of its groups.
func (m *memberships) Ended(error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.end()
}

func (m *memberships) end() {
	if !m.ended {
		m.ended = true
		m.each(func(own *membership) { own.group.end(own) })
	}
}

// Closed makes the connection leave its groups, unless it is served.
func (m *memberships) Closed() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.end()
	m.closed = true
	m.leaveClosed()
}

// serve has the connection count until release, even if it is closed before.
func (m *memberships) serve() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.served = true
}

// release makes a connection that is closed leave its groups.
func (m *memberships) release() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.served = false
	m.leaveClosed()
}

func (m *memberships) leaveClosed() {
	if m.closed && !m.served {
		m.each(func(own *membership) { own.group.leave(own, m) })
		m.first, m.others = membership{}, nil
	}
}

// join puts c into the list, with own for its place. It reports whether the group shuts
// down.
func (g *Group) join(own *membership, c *Conn, reserved bool) (goodbye bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !reserved {
		g.places++
	}
	g.list.add(own, c)
	g.sums.subtract(c.memberships())
	g.sums.Opened++
	return g.shutdown
}

// end notes that a connection has ended.
func (g *Group) end(own *membership) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.list.end(own)
}

// leave removes a connection.
func (g *Group) leave(own *membership, m *memberships) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.list.remove(own)
	g.sums.add(m)
	g.sums.Closed++
	g.leavePlace()
}
