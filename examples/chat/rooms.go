package main

import (
	"encoding/json"
	"log/slog"
	"slices"
	"sync"

	"github.com/nats-io/nats.go"

	"resty.websocket/frame"
	"resty.websocket/server"
)

// An event is what a client is sent, as JSON.
type event struct {
	Type  string   `json:"type"`            // said, refused; joined, left, here
	Name  string   `json:"name,omitempty"`  // who has said it, joined or left
	Text  string   `json:"text,omitempty"`  // said or refused
	Why   string   `json:"why,omitempty"`   // it is refused
	Node  string   `json:"node,omitempty"`  // that the client is connected to
	Names []string `json:"names,omitempty"` // who is here on this node, the client itself among them
}

// encode returns the event as JSON.
func (e event) encode() []byte {
	text, err := json.Marshal(e)
	if err != nil {
		panic(err) // an event can always be encoded
	}
	return text
}

// prepare returns an event as a message.
func prepare(event []byte) *server.Prepared {
	m, err := server.Prepare(frame.Text, event)
	if err != nil {
		slog.Warn("an event on the bus is not text", "err", err)
	}
	return m
}

// Rooms are the rooms that have members on this node.
type rooms struct {
	node string
	slow server.SlowPolicy
	bus  *bus

	mu        sync.Mutex // held while a room begins or ends, and while its names change
	bySubject map[string]*room
}

// A room is the part of a room that is on this node. The bus carries what is said in it
// to the other nodes, and back to this one.
type room struct {
	subject      string
	subscription *nats.Subscription
	group        server.Group
	names        map[*member]string
}

// join makes m a member of a room. The first member subscribes to it.
func (rs *rooms) join(name string, m *member) error {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	subject := subjectOf(name)
	r := rs.bySubject[subject]
	if r == nil {
		subscription, err := rs.bus.subscribe(subject)
		if err != nil {
			return err
		}
		r = &room{subject: subject, subscription: subscription, names: make(map[*member]string)}
		r.group.Slow = rs.slow
		rs.bySubject[subject] = r
	}
	r.group.Broadcast(prepare(event{Type: "joined", Name: m.name}.encode()))
	r.names[m] = m.name
	r.group.Add(m.conn)
	m.room = r
	m.offer(event{Type: "here", Node: rs.node, Names: r.here()})
	return nil
}

// leave takes leave of m. The last member unsubscribes.
func (rs *rooms) leave(m *member) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r := m.room
	delete(r.names, m)
	if len(r.names) > 0 {
		r.group.Broadcast(prepare(event{Type: "left", Name: m.name}.encode()))
		return
	}
	delete(rs.bySubject, r.subject)
	r.subscription.Unsubscribe() // the error is that of a connection that was closed
}

// deliver sends an event to the members that are on this node.
func (rs *rooms) deliver(subject string, event []byte) {
	if r := rs.find(subject); r != nil {
		if m := prepare(event); m != nil {
			r.group.Broadcast(m)
		}
	}
}

func (rs *rooms) find(subject string) *room {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return rs.bySubject[subject]
}

// len returns the number of rooms.
func (rs *rooms) len() int {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return len(rs.bySubject)
}

// here returns the names in the room, in alphabetical order.
func (r *room) here() []string {
	names := make([]string, 0, len(r.names))
	for _, name := range r.names {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
