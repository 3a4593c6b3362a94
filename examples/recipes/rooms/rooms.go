// Package rooms has rooms in which everyone hears everyone, and members that are too slow for it.
//
//	rooms := rooms.New(server.CloseSlow)
//	http.Handle("GET /rooms/{room}", rooms)
package rooms

import (
	"net/http"
	"sync"
	"time"

	"resty.websocket/server"
)

// Rooms is a handler of WebSockets whose path has a {room}. A room exists while a client is in it.
type Rooms struct {
	handler http.Handler
	slow    server.SlowPolicy

	mu    sync.Mutex
	rooms map[string]*room
}

// A room is a group, and how many goroutines use it. The group alone does not tell when it can be forgotten: a
// connection that has ended leaves it before its goroutine does.
type room struct {
	group server.Group
	users int
}

// New returns rooms. A member has 256 KiB of messages waiting at most, and slow says what happens beyond them. CloseSlow is
// for messages that all must be received: the client reconnects and asks for what it has missed. SkipSlow is for messages
// that the next one replaces, such as positions.
//
// The system has a buffer in front of these 256 KiB, some megabytes of it unless WriteBuffer is set.
func New(slow server.SlowPolicy) *Rooms {
	r := &Rooms{slow: slow, rooms: make(map[string]*room)}
	r.handler = server.Handler(&server.Options{
		MaxMessageLen: 16 << 10,
		MaxBacklog:    256 << 10,
		WriteBuffer:   64 << 10,
		Heartbeat:     25 * time.Second,
	}, r.serve)
	return r
}

// ServeHTTP lets a client into a room.
func (r *Rooms) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.handler.ServeHTTP(w, req) }

func (r *Rooms) serve(wb *server.Conn) {
	name := wb.Request().PathValue("room")
	wb.ForgetRequest()
	room := r.enter(name)
	defer r.leave(name, room)
	room.group.Add(wb)
	for {
		data, typ, err := wb.RecvMessage()
		if err != nil {
			return // it has left the group
		}
		m, err := server.Prepare(typ, data)
		if err != nil {
			return
		}
		room.group.Broadcast(m) // waits for no one
	}
}

// enter returns the room of that name, which exists until leave.
func (r *Rooms) enter(name string) *room {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rooms[name] == nil {
		r.rooms[name] = &room{group: server.Group{Slow: r.slow}}
	}
	r.rooms[name].users++
	return r.rooms[name]
}

func (r *Rooms) leave(name string, left *room) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if left.users--; left.users == 0 {
		delete(r.rooms, name)
	}
}

// Members returns how many are in a room.
func (r *Rooms) Members(name string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rooms[name] == nil {
		return 0
	}
	return r.rooms[name].group.Len()
}
