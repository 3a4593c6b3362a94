package main

import (
	"net/http"
	"sync/atomic"
	"unicode/utf8"

	"resty.websocket/frame"
	"resty.websocket/server"
)

const (
	maxName    = 64        // bytes, of a room's name and of a member's
	maxText    = 4096      // bytes, of a message
	maxBacklog = 256 << 10 // bytes that wait for a slow client
	sendBuffer = 64 << 10  // bytes in the system that wait in front of them
)

// A member is a client in a room. Its messages are the texts that it says there.
type member struct {
	name    string
	conn    *server.Conn
	room    *room
	rooms   *rooms
	refused *atomic.Uint64
}

// socket serves clients at ?room=…&name=….
func (n *node) socket() http.Handler {
	sessions := server.Sessions(&server.Options{
		MaxMessageLen: maxText,
		MaxBacklog:    maxBacklog,
		WriteBuffer:   sendBuffer,
		Heartbeat:     n.config.heartbeat,
		Group:         &n.clients,
	}, n.open)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if !isName(q.Get("room")) || !isName(q.Get("name")) {
			http.Error(w, "room and name must have 1 to 64 bytes of UTF-8", http.StatusBadRequest)
			return
		}
		sessions.ServeHTTP(w, r)
	})
}

func isName(s string) bool { return 0 < len(s) && len(s) <= maxName && utf8.ValidString(s) }

func (n *node) open(conn *server.Conn) server.Session {
	q := conn.Request().URL.Query()
	m := &member{name: q.Get("name"), conn: conn, rooms: n.rooms, refused: &n.refused}
	if err := n.rooms.join(q.Get("room"), m); err != nil {
		conn.SendClose(frame.StatusTryAgainLater, err.Error())
		return nil
	}
	return m
}

// Message publishes what the member says. It comes back from the bus to all members of the
// room, this one among them.
func (m *member) Message(data []byte, typ frame.Opcode) {
	if typ != frame.Text {
		m.conn.SendClose(frame.StatusUnsupportedData, "want text")
		return
	}
	text := string(data)
	err := m.rooms.bus.say(m.room.subject, event{Type: "said", Name: m.name, Text: text}.encode())
	if err != nil {
		m.refused.Add(1)
		m.offer(event{Type: "refused", Text: text, Why: err.Error()})
	}
}

// Close takes leave of the member.
func (m *member) Close(error) { m.rooms.leave(m) }

// offer sends an event to this member alone. If the client is too slow to get it, Broadcast
// will find that out as well.
func (m *member) offer(e event) { m.conn.Offer(prepare(e.encode())) }
