package servers

import (
	"bytes"
	"context"
	"net/http"

	"github.com/coder/websocket"

	"resty.websocket/internal/bench/load"
)

func coder(job *Job) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: CoderModes[job.Deflate]})
		if err == nil {
			c.SetReadLimit(maxMessage)
			job.loop(&coderConn{Conn: c})
		}
	})
}

// CoderModes are coder's names for ways to compress. The level is always 1.
var CoderModes = map[load.Deflate]websocket.CompressionMode{
	load.Plain:      websocket.CompressionDisabled,
	load.NoTakeover: websocket.CompressionNoContextTakeover,
	load.Takeover:   websocket.CompressionContextTakeover,
}

type coderConn struct {
	*websocket.Conn
	message bytes.Buffer
}

func (c *coderConn) Close() error { return c.CloseNow() }

func (c *coderConn) send(op byte, p []byte) error {
	return c.Write(context.Background(), websocket.MessageType(op), p)
}

func (c *coderConn) recv() (op byte, p []byte, err error) {
	typ, body, err := c.Reader(context.Background())
	return readAll(&c.message, typ, body, err)
}
