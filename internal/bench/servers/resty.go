package servers

import (
	"errors"
	"io"
	"iter"
	"log"
	"net/http"
	"sync/atomic"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/bench/load"
	"resty.websocket/server"
)

// The ways to serve with this library. The first is the best that a program can do; restyLoop is what most do.
var (
	resty = Library{
		Name: "resty", Module: "resty.websocket", UTF8: true, Queues: true,
		Deflates: []load.Deflate{load.NoTakeover, load.Takeover},
		How: "the best case: server.Handler, ForgetRequest, RecvFrame and SendText; broadcasts by Prepare and " +
			"Offer, with WriteBuffer and MaxBacklog if some do not read, over which a connection misses the message",
		handler: func(job *Job) http.HandlerFunc {
			return server.Handler(options(job), func(c *server.Conn) {
				c.ForgetRequest()
				serveFrames(job, c)
			}).ServeHTTP
		},
		broadcast: func(op byte, p []byte, members iter.Seq[conn]) {
			m, err := server.Prepare(frame.Opcode(op), p)
			if err != nil {
				return
			}
			for c := range members {
				if err := c.(restyConn).Offer(m); err != nil && !errors.Is(err, server.ErrBacklogFull) {
					c.(restyConn).CloseNow()
				}
			}
		},
	}
	restyEach = as(resty, "resty-each", "as resty, but broadcasts are a loop of SendText, which compresses for each "+
		"connection", func(lib *Library) { lib.Kinds, lib.Queues, lib.broadcast = []string{"broadcast"}, false, sendEach })
	restyLoop = as(resty, "resty-loop", "as most programs: server.Handler, a loop of RecvMessage and SendMessage "+
		"whose errors are logged, a deferred function, the request kept", func(lib *Library) {
		lib.Kinds, lib.Deflates = []string{"idle", "echo"}, nil
		lib.handler = func(job *Job) http.HandlerFunc { return server.Handler(options(job), serveMessages).ServeHTTP }
	})
	restyNew = as(resty, "resty-new", "as resty, but with the request kept, and by server.New in a handler, which leaves the "+
		"connection to a goroutine and returns", func(lib *Library) {
		lib.Kinds, lib.handler = []string{"idle"}, newing(func(job *Job, c *server.Conn) {
			go func() {
				defer c.Close()
				serveFrames(job, c)
			}()
		})
	})
	restyStay = as(restyLoop, "resty-stay", "as resty-loop, but by server.New in a handler that stays", func(lib *Library) {
		lib.Kinds, lib.handler = []string{"idle"}, newing(func(_ *Job, c *server.Conn) { serveMessages(c) })
	})
)

// options are those for a job.
func options(job *Job) *server.Options {
	opts := &server.Options{MaxPayloadLen: maxMessage, Deflate: Deflates[job.Deflate]}
	if job.Stalled {
		opts.WriteBuffer, opts.MaxBacklog = 64<<10, 1<<20 // there is a target of ten times as much memory for ten
	}
	return opts
}

// Deflates are this library's names for ways to compress, at level 1.
var Deflates = map[load.Deflate]*handshake.Deflate{
	load.NoTakeover: {ServerNoContextTakeover: true, ClientNoContextTakeover: true},
	load.Takeover:   {},
}

func newing(serve func(*Job, *server.Conn)) func(*Job) http.HandlerFunc {
	return func(job *Job) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if c, err := server.New(w, r, options(job)); err == nil {
				serve(job, c)
			}
		}
	}
}

// serveFrames sends echoes by itself, so that all calls have room on the stack that a goroutine starts with.
func serveFrames(job *Job, c *server.Conn) {
	job.join(restyConn{c})
	defer job.leave(restyConn{c})
	for {
		message, typ, err := c.RecvFrame()
		switch {
		case err != nil:
			return
		case typ == frame.Text && !job.Broadcast && job.Replies == 0:
			err = c.SendText(message)
		default:
			err = job.answer(restyConn{c}, byte(typ), message)
		}
		if err != nil {
			return
		}
	}
}

// serveMessages handles errors as programs do.
func serveMessages(c *server.Conn) {
	var messages int
	defer func() { count.Add(int64(messages)) }()
	defer c.Close()
	for ; ; messages++ {
		message, typ, err := c.RecvMessage()
		if code := frame.CloseCode(err); code == frame.StatusNormalClosure || code == frame.StatusGoingAway {
			return
		}
		if err != nil {
			logger.Printf("%v: receive: %v", c.RemoteAddr(), err)
			return
		}
		if err := c.SendMessage(typ, message); err != nil {
			logger.Printf("%v: send: %v", c.RemoteAddr(), err)
			return
		}
	}
}

// Most programs count something, here the messages of connections that have ended, and have a log.
var (
	count  atomic.Int64
	logger = log.New(io.Discard, "", 0)
)

type restyConn struct{ *server.Conn }

func (c restyConn) send(op byte, p []byte) error { return c.SendFrame(true, frame.Opcode(op), p) }

// sendEach is a broadcast by a loop.
func sendEach(op byte, p []byte, members iter.Seq[conn]) {
	for c := range members {
		c.send(op, p)
	}
}
