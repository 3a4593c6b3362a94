package servers

import (
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

// restyFrames is the best that a program can do.
func restyFrames(job *Job) http.Handler {
	return server.Handler(options(job), func(c *server.Conn) {
		c.ForgetRequest()
		serveFrames(job, c)
	})
}

// restyLoop is what most programs do.
func restyLoop(job *Job) http.Handler { return server.Handler(options(job), serveMessages) }

func restyPings(job *Job) http.Handler {
	go job.ping()
	opts := options(job)
	opts.Heartbeat = 0
	return server.Handler(opts, func(c *server.Conn) {
		job.join(restyConn{c})
		defer job.leave(restyConn{c})
		serveMessages(c)
	})
}

func restyNew(job *Job) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := server.New(w, r, options(job)); err == nil {
			go func() {
				defer c.Close()
				serveFrames(job, c)
			}()
		}
	})
}

func restySessions(job *Job) http.Handler {
	return server.Sessions(options(job), func(c *server.Conn) server.Session {
		job.join(restyConn{c})
		return &session{restyConn{c}, job}
	})
}

func restyOffer(j *Job, op byte, p []byte) {
	m, _ := server.Prepare(frame.Opcode(op), p) // which is valid, since it was received
	for c := range j.recipients {
		c.(restyConn).Offer(m)
	}
}

func restyGroup(j *Job, op byte, p []byte) {
	m, _ := server.Prepare(frame.Opcode(op), p)
	for range max(j.Replies, 1) {
		j.group.Broadcast(m)
	}
}

// options are those for a job.
func options(job *Job) *server.Options {
	opts := &server.Options{MaxPayloadLen: maxMessage, Deflate: Deflates[job.Deflate]}
	switch job.Kind {
	case load.Heartbeat:
		opts.Heartbeat = load.Beat
	case load.Stalled:
		opts.WriteBuffer, opts.MaxBacklog = 64<<10, 1<<20 // there is a target of ten times as much memory for ten
	}
	if job.Library.Group {
		job.group.Slow, opts.Group = server.SkipSlow, &job.group
	}
	return opts
}

// Deflates are this library's names for ways to compress, at level 1.
var Deflates = map[load.Deflate]*handshake.Deflate{
	load.NoTakeover: {ServerNoContextTakeover: true, ClientNoContextTakeover: true},
	load.Takeover:   {},
}

// serveFrames sends echoes by itself, so that all calls have room on the stack that a goroutine starts with.
func serveFrames(job *Job, c *server.Conn) {
	job.join(restyConn{c})
	defer job.leave(restyConn{c})
	for {
		message, typ, err := c.RecvFrame()
		if err == nil && typ == frame.Text && !job.Broadcasts() && job.Replies == 0 {
			err = c.SendText(message)
		} else if err == nil {
			err = job.answer(restyConn{c}, byte(typ), message)
		}
		if err != nil {
			return
		}
	}
}

// serveMessages handles errors as programs do. Its calls, and the stack that they need, are part of what is measured.
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

func (s *session) Message(p []byte, typ frame.Opcode) { s.job.answer(s.restyConn, byte(typ), p) }
func (s *session) Close(error)                        { s.job.leave(s.restyConn) }

// ping sends each connection a Ping as often as a heartbeat would, for as long as the process lives.
func (j *Job) ping() {
	tick := time.Tick(load.Beat / 100)
	for range tick {
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

func (c restyConn) send(op byte, p []byte) error { return c.SendMessage(frame.Opcode(op), p) }
