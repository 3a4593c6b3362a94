package servers

import (
	"bytes"
	"context"
	"net"
	"net/http"

	"github.com/coder/websocket"

	"resty.websocket/internal/bench/load"
)

var coder = Library{
	Name:   "coder",
	Module: "github.com/coder/websocket",
	How: "Accept, Reader into a reused buffer, Write, a context without deadline; where some do not read, each connection " +
		"has a channel of 16 messages and a goroutine that writes them, and is closed when the channel is full",
	serve: serveCoder,

	Deflates: []load.Deflate{load.NoTakeover, load.Takeover},
}

// coderModes are its names for ways to compress. The level is always 1.
var coderModes = map[load.Deflate]websocket.CompressionMode{
	load.Plain:      websocket.CompressionDisabled,
	load.NoTakeover: websocket.CompressionNoContextTakeover,
	load.Takeover:   websocket.CompressionContextTakeover,
}

func serveCoder(ln net.Listener, job *Job) error {
	members := newHub[*coderConn](job)
	return serveHTTP(ln, func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: coderModes[job.Deflate]})
		if err == nil {
			loopCoder(&coderConn{Conn: c}, members)
		}
	})
}

// A coderConn is a connection with what its users add.
type coderConn struct {
	*websocket.Conn
	out outbox[[]byte] // of broadcasts, which are text; nil: they are written at once
}

func loopCoder(c *coderConn, members *hub[*coderConn]) {
	defer c.CloseNow()
	c.SetReadLimit(maxMessage)
	if members.job.Stalled {
		c.out = newOutbox(16, c.write)
		defer close(c.out)
	}
	members.join(c)
	defer members.leave(c)
	ctx := context.Background()
	var message bytes.Buffer
	for {
		typ, body, err := c.Reader(ctx)
		if err != nil {
			return
		}
		message.Reset()
		if _, err := message.ReadFrom(body); err != nil {
			return
		}
		switch p := message.Bytes(); {
		case members.job.Broadcast:
			broadcastCoder(members, p)
		case members.job.echoes():
			err = c.Write(ctx, typ, p)
		default:
			err = members.job.reply(func() error { return c.Write(ctx, typ, p) })
		}
		if err != nil {
			return
		}
	}
}

func broadcastCoder(members *hub[*coderConn], message []byte) {
	if members.job.Stalled {
		message = bytes.Clone(message)
	}
	members.each(func(c *coderConn) {
		switch {
		case c.out == nil:
			c.Write(context.Background(), websocket.MessageText, message)
		case !c.out.put(message):
			go c.CloseNow()
		}
	})
}

// write closes the connection if the message has not left in time.
func (c *coderConn) write(message []byte) {
	ctx, cancel := context.WithTimeout(context.Background(), outboxPatience)
	defer cancel()
	if c.Write(ctx, websocket.MessageText, message) != nil {
		c.CloseNow()
	}
}
