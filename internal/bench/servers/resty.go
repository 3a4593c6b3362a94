package servers

import (
	"errors"
	"io"
	"log"
	"maps"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

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
		broadcast: func(j *Job, op byte, p []byte) {
			m, err := server.Prepare(frame.Opcode(op), p)
			if err != nil {
				return
			}
			for c := range j.recipients {
				if err := c.(restyConn).Offer(m); err != nil && !errors.Is(err, server.ErrBacklogFull) {
					c.(restyConn).CloseNow()
				}
			}
		},
	}
	restyEach = as(resty, "resty-each", "as resty, but broadcasts are a loop of SendText, which compresses for each "+
		"connection", func(lib *Library) { lib.Kinds, lib.Queues, lib.broadcast = []string{"broadcast"}, false, sendEach })
	restyGroup = as(resty, "resty-group", "as resty, but broadcasts are Group.Broadcast, with SkipSlow", func(lib *Library) {
		lib.Kinds, lib.group = []string{"broadcast", "stalled"}, true
		lib.broadcast = func(j *Job, op byte, p []byte) {
			if m, err := server.Prepare(frame.Opcode(op), p); err == nil {
				for range max(j.Replies, 1) {
					j.group.Broadcast(m)
				}
			}
		}
	})
	restyLoop = as(resty, "resty-loop", "as most programs: server.Handler, a loop of RecvMessage and SendMessage "+
		"whose errors are logged, a deferred function, the request kept", func(lib *Library) {
		lib.Kinds, lib.Deflates = []string{"idle", "echo", "heartbeat"}, nil
		lib.handler = func(job *Job) http.HandlerFunc { return server.Handler(options(job), serveMessages).ServeHTTP }
	})
	restyPings = as(restyLoop, "resty-pings", "as resty-loop, but one goroutine sends the Pings of a heartbeat, each hundredth "+
		"of the time to a hundredth of the connections", func(lib *Library) {
		lib.Kinds = []string{"heartbeat"}
		lib.handler = func(job *Job) http.HandlerFunc {
			go job.ping()
			opts := options(job)
			opts.Heartbeat = 0
			return server.Handler(opts, func(c *server.Conn) {
				job.join(restyConn{c})
				defer job.leave(restyConn{c})
				serveMessages(c)
			}).ServeHTTP
		}
	})
	restySessions = as(resty, "resty-sessions", "server.Sessions, SendMessage in Message; the rest as resty", func(lib *Library) {
		lib.Kinds, lib.Deflates = []string{"idle", "echo", "growth", "broadcast", "handshake", "heartbeat"}, nil
		lib.handler = func(job *Job) http.HandlerFunc {
			return server.Sessions(options(job), func(c *server.Conn) server.Session {
				job.join(restyConn{c})
				return &session{restyConn{c}, job}
			}).ServeHTTP
		}
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
	opts := &server.Options{MaxPayloadLen: maxMessage, Deflate: Deflates[job.Deflate], Heartbeat: job.Heartbeat}
	if job.lib.group {
		job.group.Slow, opts.Group = server.SkipSlow, &job.group
	}
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

// A session is a connection of Sessions.
type session struct {
	restyConn
	job *Job
}

func (s *session) Close(error) { s.job.leave(s.restyConn) }

func (s *session) Message(data []byte, typ frame.Opcode) {
	if !s.job.Broadcast && s.job.Replies == 0 {
		s.SendMessage(typ, data)
	} else {
		s.job.answer(s.restyConn, byte(typ), data)
	}
}

// ping sends each connection a Ping as often as a heartbeat would, for as long as the process lives.
func (j *Job) ping() {
	tick := time.Tick(j.Heartbeat / 100)
	for {
		<-tick
		j.mu.Lock()
		all := slices.Collect(maps.Keys(j.members))
		j.mu.Unlock()
		for part := range slices.Chunk(all, len(all)/100+1) {
			for _, c := range part {
				c.(restyConn).SendPing(nil)
			}
			<-tick
		}
	}
}

type restyConn struct{ *server.Conn }

func (c restyConn) send(op byte, p []byte) error { return c.SendFrame(true, frame.Opcode(op), p) }

// sendEach is a broadcast by a loop.
func sendEach(j *Job, op byte, p []byte) {
	for c := range j.recipients {
		c.send(op, p)
	}
}
