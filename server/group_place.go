package server

import (
	"net/http"

	"resty.websocket/handshake"
)

// retryAfter is when a client that was refused may come again, in seconds.
const retryAfter = "5"

// reserve reserves a place for a connection whose handshake begins. If there is none, it
// returns why.
func (g *Group) reserve() *handshake.Error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.shutdown:
		return &handshake.Error{Status: http.StatusServiceUnavailable, Reason: "server shuts down"}
	case g.MaxConns > 0 && g.places >= g.MaxConns:
		return &handshake.Error{Status: http.StatusServiceUnavailable, Reason: "too many connections"}
	}
	g.places++
	return nil
}

// giveBack gives a reserved place back.
func (g *Group) giveBack() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.leavePlace()
}

// open makes c a member, for which a place is reserved. If it is served, it counts until it
// is released.
func (g *Group) open(c *Conn, served bool) {
	m := c.makeMemberships()
	if served {
		m.serve()
	}
	joined, goodbye := m.join(g, c, true)
	switch {
	case !joined: // its heartbeat has ended it
		g.giveBack()
	case goodbye:
		c.goAway()
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

// leavePlace gives a place back, and tells Shutdown if it was the last.
func (g *Group) leavePlace() {
	g.places--
	g.tellEmpty()
}

func (g *Group) tellEmpty() {
	if g.empty != nil && g.places == 0 {
		close(g.empty)
		g.empty = nil
	}
}

// refuse answers a request for which there is no place. The client does better with
// another connection, maybe to another server.
func refuse(w http.ResponseWriter, refusal *handshake.Error) {
	w.Header().Set("Connection", "close")
	w.Header().Set("Retry-After", retryAfter)
	http.Error(w, refusal.Reason, refusal.Status)
}
