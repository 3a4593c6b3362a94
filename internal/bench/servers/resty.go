package servers

import (
	"errors"
	"net"
	"net/http"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/bench/load"
	"resty.websocket/server"
)

var resty = Library{
	Name:   "resty",
	Module: "resty.websocket",
	How: "server.Handler, ForgetRequest, RecvFrame, SendText and SendBinary; broadcasts by Prepare and Offer, where some do " +
		"not read with WriteBuffer and MaxBacklog, over which a connection misses the message",
	UTF8:     true,
	serve:    func(ln net.Listener, job *Job) error { return handleResty(ln, job, offerResty) },
	Deflates: []load.Deflate{load.NoTakeover, load.Takeover},
}

// restyDeflates are its names for ways to compress, at level 1.
var restyDeflates = map[load.Deflate]*handshake.Deflate{
	load.NoTakeover: {ServerNoContextTakeover: true, ClientNoContextTakeover: true},
	load.Takeover:   {},
}

var restyEach = Library{
	Name:     "resty-each",
	Module:   resty.Module,
	How:      "as resty, but broadcasts are a loop of SendText, which compresses for each connection",
	UTF8:     true,
	serve:    func(ln net.Listener, job *Job) error { return handleResty(ln, job, sendEachResty) },
	Deflates: resty.Deflates,
}

var restyNew = Library{
	Name:   "resty-new",
	Module: resty.Module,
	How:    "as resty, but with the request kept and server.New inside a handler, which leaves the connection to a goroutine and returns",
	UTF8:   true,
	serve: func(ln net.Listener, job *Job) error {
		return newResty(ln, job, func(serve func()) { go serve() })
	},
}

var restyStay = Library{
	Name:   "resty-stay",
	Module: resty.Module,
	How:    "as resty, but with the request kept and server.New inside a handler that stays",
	UTF8:   true,
	serve: func(ln net.Listener, job *Job) error {
		return newResty(ln, job, func(serve func()) { serve() })
	},
}

func newResty(ln net.Listener, job *Job, run func(serve func())) error {
	members := newHub[*server.Conn](job)
	opts := &server.Options{MaxPayloadLen: maxMessage}
	return serveHTTP(ln, func(w http.ResponseWriter, r *http.Request) {
		c, err := server.New(w, r, opts)
		if err != nil {
			return
		}
		run(func() {
			defer c.Close()
			loopResty(c, members, offerResty)
		})
	})
}

// maxBacklog is what a connection that does not read may hold; the report has a target of ten times as much for ten.
const maxBacklog = 1 << 20

func handleResty(ln net.Listener, job *Job, broadcast broadcastResty) error {
	opts := &server.Options{MaxPayloadLen: maxMessage, Deflate: restyDeflates[job.Deflate]}
	if job.Stalled {
		opts.WriteBuffer, opts.MaxBacklog = sendBuffer, maxBacklog
	}
	members := newHub[*server.Conn](job)
	h := server.Handler(opts, func(c *server.Conn) {
		c.ForgetRequest()
		loopResty(c, members, broadcast)
	})
	return serveHTTP(ln, h.ServeHTTP)
}

func loopResty(c *server.Conn, members *hub[*server.Conn], broadcast broadcastResty) {
	members.join(c)
	defer members.leave(c)
	for {
		message, typ, err := c.RecvFrame()
		if err != nil {
			return
		}
		switch {
		case members.job.Broadcast:
			err = broadcast(members, typ, message)
		case members.job.echoes():
			err = sendResty(c, typ, message)
		default:
			err = members.job.reply(func() error { return sendResty(c, typ, message) })
		}
		if err != nil {
			return
		}
	}
}

// A broadcastResty sends a message to all members.
type broadcastResty func(members *hub[*server.Conn], typ frame.Opcode, message []byte) error

func offerResty(members *hub[*server.Conn], typ frame.Opcode, message []byte) error {
	prepared, err := server.Prepare(typ, message)
	if err != nil {
		return err
	}
	members.each(func(c *server.Conn) {
		if err := c.Offer(prepared); err != nil && !errors.Is(err, server.ErrBacklogFull) {
			c.CloseNow()
		}
	})
	return nil
}

func sendEachResty(members *hub[*server.Conn], typ frame.Opcode, message []byte) error {
	members.each(func(c *server.Conn) {
		if sendResty(c, typ, message) != nil {
			c.CloseNow()
		}
	})
	return nil
}

// sendResty answers a frame with its like, and a ping with a pong.
func sendResty(c *server.Conn, typ frame.Opcode, p []byte) error {
	switch typ {
	case frame.Text:
		return c.SendText(p)
	case frame.Binary:
		return c.SendBinary(p)
	case frame.Ping:
		return c.SendPong(p)
	default:
		return nil
	}
}
