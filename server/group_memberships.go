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
	silent  atomic.Bool   // it has ended because its client was silent

	mu      sync.Mutex
	first   membership // in one group, and those in a few others behind it
	others  map[*Group]*membership
	further uint8 // behind first
	ended   bool
	closed  bool
	served  bool // it counts until release
}

// maxListed is how many groups besides the first are found by looking at each. A map would
// take more memory.
const maxListed = 8

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
// has joined, and has to be told that g shuts down.
func (m *memberships) join(g *Group, c *Conn, reserved bool) (joined, goodbye bool) {
	// A connection that ends from now on calls Ended.
	if c.conn.Fatal() != nil {
		return false, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended || m.find(g) != nil {
		return false, false
	}
	return true, g.join(m.place(g), c, reserved)
}

// leave makes the connection leave g.
func (m *memberships) leave(g *Group) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if own := m.find(g); own != nil {
		g.leave(own, m)
		m.forget(own)
	}
}

// place returns a new place for g.
func (m *memberships) place(g *Group) *membership {
	own := &m.first
	switch {
	case own.group == nil:
	case m.further < maxListed:
		own = &membership{next: m.first.next}
		m.first.next = own
		m.further++
	default:
		own = new(membership)
		if m.others == nil {
			m.others = make(map[*Group]*membership)
		}
		m.others[g] = own
	}
	own.group = g
	return own
}

// find returns the place in g, or nil.
func (m *memberships) find(g *Group) *membership {
	for own := &m.first; own != nil; own = own.next {
		if own.group == g {
			return own
		}
	}
	return m.others[g]
}

// forget frees a place.
func (m *memberships) forget(own *membership) {
	if own == &m.first {
		own.group = nil
		return
	}
	for before := &m.first; before.next != nil; before = before.next {
		if before.next == own {
			before.next = own.next
			m.further--
			return
		}
	}
	if delete(m.others, own.group); len(m.others) == 0 {
		m.others = nil // whose room would stay
	}
}

// each calls fn for each place.
func (m *memberships) each(fn func(*membership)) {
	for own := &m.first; own != nil; own = own.next {
		if own.group != nil {
			fn(own)
		}
	}
	for _, own := range m.others {
		fn(own)
	}
}

// Ended takes the connection out of the members of its groups.
func (m *memberships) Ended(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == ErrPeerSilent {
		m.silent.Store(true)
	}
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
		m.first, m.others, m.further = membership{}, nil, 0
	}
}
