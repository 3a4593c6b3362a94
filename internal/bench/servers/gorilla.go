package servers

import (
	"bytes"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"resty.websocket/internal/bench/load"
)

var gorilla = Library{
	Name:   "gorilla",
	Module: "github.com/gorilla/websocket",
	How: "Upgrader with net/http's buffers, ReadMessage and WriteMessage in the handler, which several senders share by a " +
		"mutex; broadcasts are PreparedMessages, where some do not read with a write deadline of 100 ms, after which the " +
		"connection is closed; has no context takeover",
	Deflates: []load.Deflate{load.NoTakeover},
	serve: func(ln net.Listener, job *Job) error {
		upgrader := &websocket.Upgrader{EnableCompression: job.Deflate != load.Plain}
		members := newHub[*gorillaConn](job)
		return serveHTTP(ln, func(w http.ResponseWriter, r *http.Request) {
			if c, err := upgrader.Upgrade(w, r, nil); err == nil {
				loopGorilla(&gorillaConn{Conn: c}, members, c.ReadMessage)
			}
		})
	},
}

var gorillaTuned = Library{
	Name:   "gorilla-tuned",
	Module: gorilla.Module,
	How: "as gorilla, but with a WriteBufferPool, NextReader into a reused buffer, and on a goroutine of its own so that " +
		"the handler returns; where some do not read, each connection has a channel of 256 messages and a goroutine that " +
		"writes them, and is closed when the channel is full",
	Deflates: gorilla.Deflates,
	serve: func(ln net.Listener, job *Job) error {
		upgrader := &websocket.Upgrader{WriteBufferPool: new(sync.Pool), EnableCompression: job.Deflate != load.Plain}
		members := newHub[*gorillaConn](job)
		return serveHTTP(ln, func(w http.ResponseWriter, r *http.Request) {
			if c, err := upgrader.Upgrade(w, r, nil); err == nil {
				go tunedGorilla(&gorillaConn{Conn: c}, members)
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

// A gorillaConn is a connection with what its users add.
type gorillaConn struct {
	*websocket.Conn
	mu  sync.Mutex                         // for WriteMessage
	out outbox[*websocket.PreparedMessage] // of broadcasts; nil: they are written at once
}

// tunedGorilla is loopGorilla with an outbox if some connections stop reading.
func tunedGorilla(c *gorillaConn, members *hub[*gorillaConn]) {
	if members.job.Stalled {
		c.out = newOutbox(256, func(m *websocket.PreparedMessage) { c.write(m, outboxPatience) })
		defer close(c.out)
	}
	loopGorilla(c, members, reuse(c.Conn))
}

func loopGorilla(c *gorillaConn, members *hub[*gorillaConn], read func() (int, []byte, error)) {
	defer c.Close()
	c.SetReadLimit(maxMessage)
	members.join(c)
	defer members.leave(c)
	for {
		op, message, err := read()
		if err != nil {
			return
		}
		switch {
		case members.job.Broadcast:
			broadcastGorilla(members, op, message)
		case members.job.echoes():
			err = c.WriteMessage(op, message)
		default:
			err = members.job.reply(func() error {
				c.mu.Lock()
				defer c.mu.Unlock()
				return c.WriteMessage(op, message)
			})
		}
		if err != nil {
			return
		}
	}
}

func broadcastGorilla(members *hub[*gorillaConn], op int, message []byte) {
	prepared, err := websocket.NewPreparedMessage(op, message)
	if err != nil {
		return
	}
	members.each(func(c *gorillaConn) {
		switch {
		case c.out == nil && members.job.Stalled:
			c.write(prepared, patience)
		case c.out == nil:
			c.WritePreparedMessage(prepared)
		case !c.out.put(prepared):
			c.Close()
		}
	})
}

// write closes the connection if the message has not left in time.
func (c *gorillaConn) write(m *websocket.PreparedMessage, limit time.Duration) {
	c.SetWriteDeadline(time.Now().Add(limit))
	if c.WritePreparedMessage(m) != nil {
		c.Close()
	}
}
