package servers

import (
	"bytes"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"

	"resty.websocket/internal/bench/load"
)

var (
	gorilla = Library{
		Name: "gorilla", Module: "github.com/gorilla/websocket", Deflates: []load.Deflate{load.NoTakeover}, locks: true,
		How: "Upgrader with net/http's buffers, ReadMessage and WriteMessage in the handler, which several senders share by " +
			"a mutex; broadcasts are PreparedMessages; has no context takeover",
		handler: func(job *Job) http.HandlerFunc {
			return upgrading(&websocket.Upgrader{}, job, func(c *websocket.Conn) { job.loop(gorillaConn{c}) })
		},
		broadcast: func(j *Job, op byte, p []byte) {
			m, _ := websocket.NewPreparedMessage(int(op), p) // only its encoding could fail
			for c := range j.recipients {
				c.(interface {
					WritePreparedMessage(*websocket.PreparedMessage) error
				}).WritePreparedMessage(m)
			}
		},
	}
	gorillaTuned = as(gorilla, "gorilla-tuned", "as gorilla, but with a WriteBufferPool, NextReader into a reused buffer, "+
		"and on a goroutine of its own so that the handler returns", func(lib *Library) {
		lib.handler = func(job *Job) http.HandlerFunc {
			return upgrading(&websocket.Upgrader{WriteBufferPool: new(sync.Pool)}, job, func(c *websocket.Conn) {
				go job.loop(&tunedConn{gorillaConn: gorillaConn{c}})
			})
		}
	})
)

func upgrading(u *websocket.Upgrader, job *Job, serve func(*websocket.Conn)) http.HandlerFunc {
	u.EnableCompression = job.Deflate != load.Plain
	return func(w http.ResponseWriter, r *http.Request) {
		if c, err := u.Upgrade(w, r, nil); err == nil {
			c.SetReadLimit(maxMessage)
			serve(c)
		}
	}
}

type gorillaConn struct{ *websocket.Conn }

func (c gorillaConn) send(op byte, p []byte) error { return c.WriteMessage(int(op), p) }

func (c gorillaConn) recv() (op byte, p []byte, err error) {
	typ, p, err := c.ReadMessage()
	return byte(typ), p, err
}

// A tunedConn reads every message into the same buffer.
type tunedConn struct {
	gorillaConn
	message bytes.Buffer
}

func (c *tunedConn) recv() (op byte, p []byte, err error) {
	typ, body, err := c.NextReader()
	return readAll(&c.message, typ, body, err)
}
