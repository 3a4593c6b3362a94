package server

// A list is the connections of a group. Its methods are called with the group's lock
// held. The first live ones are members. The others have ended, and are not closed.
type list struct {
	conns []*Conn
	slots []*membership // of conns, in the same order
	live  int
}

// A membership is a connection's place in a group.
type membership struct {
	group *Group // nil: not used
	index int    // in the group's list; guarded by its lock
	next  *membership
}

func (l *list) members() []*Conn { return l.conns[:l.live] }

// add makes c a member, with m for its place.
func (l *list) add(m *membership, c *Conn) {
	m.index = len(l.conns)
	l.conns = append(l.conns, c)
	l.slots = append(l.slots, m)
	l.swap(m.index, l.live)
	l.live++
}

// end notes that the connection has ended.
func (l *list) end(m *membership) {
	if m.index < l.live {
		l.live--
		l.swap(m.index, l.live)
	}
}

// remove removes the connection.
func (l *list) remove(m *membership) {
	l.end(m)
	last := len(l.conns) - 1
	l.swap(m.index, last)
	l.conns[last], l.slots[last] = nil, nil
	l.conns, l.slots = shrink(l.conns[:last]), shrink(l.slots[:last])
}

func (l *list) swap(i, j int) {
	l.conns[i], l.conns[j] = l.conns[j], l.conns[i]
	l.slots[i], l.slots[j] = l.slots[j], l.slots[i]
	l.slots[i].index, l.slots[j].index = i, j
}

// shrink returns s with less room, if it has far too much.
func shrink[T any](s []T) []T {
	if cap(s) > 64 && len(s) < cap(s)/4 {
		return append(make([]T, 0, cap(s)/2), s...)
	}
	return s
}
