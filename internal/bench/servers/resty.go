package servers

import (
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
	How: "server.Handler, ForgetRequest, RecvFrame, SendText and SendBinary; broadcasts are a loop of SendText, where some " +
		"do not read with a SendTimeout of 100 ms, after which the connection is closed",
	UTF8: true,
	serve: func(ln net.Listener, job *Job) error {
		opts := &server.Options{MaxPayloadLen: maxMessage, Deflate: restyDeflates[job.Deflate]}
		if job.Stalled {
			opts.SendTimeout = patience
		}
		return handleResty(ln, job, opts)
	},
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
	serve:    resty.serve,
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
			loopResty(c, members)
		})
	})
}

func handleResty(ln net.Listener, job *Job, opts *server.Options) error {
	members := newHub[*server.Conn](job)
	h := server.Handler(opts, func(c *server.Conn) {
		c.ForgetRequest()
		loopResty(c, members)
	})
	return serveHTTP(ln, h.ServeHTTP)
}

func loopResty(c *server.Conn, members *hub[*server.Conn]) {
	members.join(c)
	defer members.leave(c)
	for {
		message, typ, err := c.RecvFrame()
		if err != nil {
			return
		}
		switch {
		case members.job.Broadcast:
			broadcastResty(members, typ, message)
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

func broadcastResty(members *hub[*server.Conn], typ frame.Opcode, message []byte) {
	members.each(func(c *server.Conn) {
		if sendResty(c, typ, message) != nil {
			c.CloseNow()
		}
	})
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
