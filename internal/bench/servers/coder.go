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
	How:    "Accept, Reader into a reused buffer, Write, a context without deadline",
	serve:  serveCoder,

	Deflates: []load.Deflate{load.NoTakeover, load.Takeover},
}

// coderModes are its names for ways to compress. The level is always 1.
var coderModes = map[load.Deflate]websocket.CompressionMode{
	load.Plain:      websocket.CompressionDisabled,
	load.NoTakeover: websocket.CompressionNoContextTakeover,
	load.Takeover:   websocket.CompressionContextTakeover,
}

func serveCoder(ln net.Listener, job *Job) error {
	ctx := context.Background()
	members := newHub[*websocket.Conn](job)
	return serveHTTP(ln, func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: coderModes[job.Deflate]})
		if err != nil {
			return
		}
		defer c.CloseNow()
		c.SetReadLimit(maxMessage)
		members.join(c)
		defer members.leave(c)
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
			if job.Broadcast {
				members.each(func(c *websocket.Conn) { c.Write(ctx, typ, message.Bytes()) })
			} else if err := c.Write(ctx, typ, message.Bytes()); err != nil {
				return
			}
		}
	})
}
