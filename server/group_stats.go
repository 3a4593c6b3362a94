package server

// Stats are what a Group counts. All but Open only grow, from the zero value of the Group
// on.
//
// A member counts from the moment at which it joins until it leaves. If it joins again,
// that is another time in Opened and Closed, and what passed in between is in none of the
// counts. For the connections of Options.Group that never call Remove, the counts are those
// of the connections from their opening to their closing.
type Stats struct {
	Open   int    // connections that are members, or have ended and are not closed
	Opened uint64 // connections that have joined
	Closed uint64 // connections that have left

	// The messages that were received or sent as a whole, the frames, and their bytes,
	// headers included and as they are compressed. A frame that is sent counts when
	// it is accepted; see the package comment.
	MessagesReceived, FramesReceived, BytesReceived uint64
	MessagesSent, FramesSent, BytesSent             uint64

	Skipped      uint64 // messages that were not sent to a slow member: see SkipSlow
	ClosedSlow   uint64 // connections that were sent a Close frame because of CloseSlow
	ClosedSilent uint64 // connections that have ended with ErrPeerSilent
}

// Stats returns the counts. Each connection counts by itself, without a cache line that it
// would share with others, and Stats adds that up: it takes some 50 nanoseconds a member.
func (g *Group) Stats() Stats {
	of := copies.Get().(*[]*Conn)
	g.mu.Lock()
	sums := g.sums
	*of = append((*of)[:0], g.list.conns...)
	g.mu.Unlock()
	// A connection that leaves from now on is not in these sums.
	sums.Open = len(*of)
	for _, c := range *of {
		sums.add(c.memberships())
	}
	clear(*of)
	copies.Put(of)
	return sums
}

// add adds what a connection has counted.
func (s *Stats) add(m *memberships) { s.times(m, 1) }

// subtract subtracts it. A sum may be negative, modulo 2 to the 64, until it is added
// again.
func (s *Stats) subtract(m *memberships) { s.times(m, ^uint64(0)) }

func (s *Stats) times(m *memberships, factor uint64) {
	s.MessagesReceived += factor * m.Received.Messages()
	s.FramesReceived += factor * m.Received.Frames()
	s.BytesReceived += factor * m.Received.Bytes()
	s.MessagesSent += factor * m.Sent.Messages()
	s.FramesSent += factor * m.Sent.Frames()
	s.BytesSent += factor * m.Sent.Bytes()
	s.Skipped += factor * m.skipped.Load()
	if m.slow.Load() {
		s.ClosedSlow += factor
	}
	if m.silent.Load() {
		s.ClosedSilent += factor
	}
}
