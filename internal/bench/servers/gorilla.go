package servers

import (
	"bytes"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"

	"resty.websocket/internal/bench/load"
)

func gorilla(job *Job) http.Handler {
	return gorillaUpgrading(&websocket.Upgrader{}, job, func(c *websocket.Conn) { job.loop(&gorillaConn{Conn: c}) })
}

func gorillaTuned(job *Job) http.Handler {
	u := &websocket.Upgrader{WriteBufferPool: new(sync.Pool)}
	return gorillaUpgrading(u, job, func(c *websocket.Conn) { go job.loop(&gorillaConn{c, new(bytes.Buffer)}) })
}

func gorillaUpgrading(u *websocket.Upgrader, job *Job, serve func(*websocket.Conn)) http.HandlerFunc {
	u.EnableCompression = job.Deflate != load.Plain
	return func(w http.ResponseWriter, r *http.Request) {
		if c, err := u.Upgrade(w, r, nil); err == nil {
			c.SetReadLimit(maxMessage)
			serve(c)
		}
	}
}

func gorillaPrepared(j *Job, op byte, p []byte) {
	m, _ := websocket.NewPreparedMessage(int(op), p) // only its encoding could fail
	for c := range j.recipients {
		c.(*gorillaConn).WritePreparedMessage(m)
	}
}

// A gorillaConn reads every message into the same buffer if it has one.
type gorillaConn struct {
	*websocket.Conn
	message *bytes.Buffer
}

func (c *gorillaConn) send(op byte, p []byte) error { return c.WriteMessage(int(op), p) }

func (c *gorillaConn) recv() (op byte, p []byte, err error) {
	if c.message == nil {
		typ, p, err := c.ReadMessage()
		return byte(typ), p, err
	}
	typ, body, err := c.NextReader()
	return readAll(c.message, typ, body, err)
}
