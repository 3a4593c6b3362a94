package servers

import (
	"bytes"
	"net"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"

	"resty.websocket/internal/bench/load"
)

var gorilla = Library{
	Name:   "gorilla",
	Module: "github.com/gorilla/websocket",
	How: "Upgrader with net/http's buffers, ReadMessage and WriteMessage in the handler; broadcasts are PreparedMessages; " +
		"has no context takeover",
	Deflates: []load.Deflate{load.NoTakeover},
	serve: func(ln net.Listener, job *Job) error {
		upgrader := &websocket.Upgrader{EnableCompression: job.Deflate != load.Plain}
		members := newHub[*websocket.Conn](job)
		return serveHTTP(ln, func(w http.ResponseWriter, r *http.Request) {
			if c, err := upgrader.Upgrade(w, r, nil); err == nil {
				loopGorilla(c, members, c.ReadMessage)
			}
		})
	},
}

var gorillaTuned = Library{
	Name:   "gorilla-tuned",
	Module: gorilla.Module,
	How: "as gorilla, but with a WriteBufferPool, NextReader into a reused buffer, and on a goroutine of its own so that " +
		"the handler returns",
	Deflates: gorilla.Deflates,
	serve: func(ln net.Listener, job *Job) error {
		upgrader := &websocket.Upgrader{WriteBufferPool: new(sync.Pool), EnableCompression: job.Deflate != load.Plain}
		members := newHub[*websocket.Conn](job)
		return serveHTTP(ln, func(w http.ResponseWriter, r *http.Request) {
			if c, err := upgrader.Upgrade(w, r, nil); err == nil {
				go loopGorilla(c, members, reuse(c))
			}
		})
	},
}

// reuse returns a ReadMessage that reads every message into the same buffer.
func reuse(c *websocket.Conn) func() (int, []byte, error) {
	var message bytes.Buffer
	return func() (int, []byte, error) {
		op, body, err := c.NextReader()
		if err != nil {
			return op, nil, err
		}
		message.Reset()
		_, err = message.ReadFrom(body)
		return op, message.Bytes(), err
	}
}

func loopGorilla(c *websocket.Conn, members *hub[*websocket.Conn], read func() (int, []byte, error)) {
	defer c.Close()
	c.SetReadLimit(maxMessage)
	members.join(c)
	defer members.leave(c)
	for {
		op, message, err := read()
		if err != nil {
			return
		}
		if members.job.Broadcast {
			broadcastGorilla(members, op, message)
		} else if err := c.WriteMessage(op, message); err != nil {
			return
		}
	}
}

func broadcastGorilla(members *hub[*websocket.Conn], op int, message []byte) {
	prepared, err := websocket.NewPreparedMessage(op, message)
	if err != nil {
		return
	}
	members.each(func(c *websocket.Conn) { c.WritePreparedMessage(prepared) })
}
