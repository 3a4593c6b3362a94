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
	How:    "server.Handler, ForgetRequest, RecvFrame, SendText and SendBinary",
	UTF8:   true,
	serve: func(ln net.Listener, job *Job) error {
		return handleResty(ln, job, &server.Options{MaxPayloadLen: maxMessage, Deflate: restyDeflates[job.Deflate]})
	},
	Deflates: []load.Deflate{load.NoTakeover, load.Takeover},
}

// restyDeflates are its names for ways to compress, at level 1.
var restyDeflates = map[load.Deflate]*handshake.Deflate{
	load.NoTakeover: {ServerNoContextTakeover: true, ClientNoContextTakeover: true},
	load.Takeover:   {},
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
		if members.job.Broadcast {
			members.each(func(c *server.Conn) { sendResty(c, typ, message) })
		} else if err := sendResty(c, typ, message); err != nil {
			return
		}
	}
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
