package servers

import (
	"bytes"
	"net"
	"net/http"

	lxzan "github.com/lxzan/gws"

	"resty.websocket/internal/bench/load"
)

var gws = Library{
	Name:   "gws",
	Module: "github.com/lxzan/gws",
	How: "Upgrader with CheckUtf8Enabled, ReadLoop on its own goroutine so that the handler returns, WriteMessage and " +
		"Message.Close in OnMessage; broadcasts by Broadcaster",
	UTF8:     true,
	Deflates: []load.Deflate{load.NoTakeover, load.Takeover},
	serve:    func(ln net.Listener, job *Job) error { return serveGWS(ln, job, false) },
}

var gwsAsync = Library{
	Name:   "gws-async",
	Module: gws.Module,
	How:    "as gws, but with WriteAsync",
	UTF8:   true,
	serve:  func(ln net.Listener, job *Job) error { return serveGWS(ln, job, true) },
}

func serveGWS(ln net.Listener, job *Job, async bool) error {
	handler := &gwsHandler{members: newHub[*lxzan.Conn](job), async: async}
	upgrader := lxzan.NewUpgrader(handler, &lxzan.ServerOption{
		CheckUtf8Enabled:   true,
		ReadMaxPayloadSize: maxMessage,
		PermessageDeflate: lxzan.PermessageDeflate{
			Enabled:               job.Deflate != load.Plain,
			Level:                 1,
			ServerContextTakeover: job.Deflate == load.Takeover,
			ClientContextTakeover: job.Deflate == load.Takeover,
			ServerMaxWindowBits:   15,
			ClientMaxWindowBits:   15,
		},
	})
	return serveHTTP(ln, func(w http.ResponseWriter, r *http.Request) {
		if c, err := upgrader.Upgrade(w, r); err == nil {
			go c.ReadLoop()
		}
	})
}

type gwsHandler struct {
	lxzan.BuiltinEventHandler
	members *hub[*lxzan.Conn]
	async   bool
}

func (h *gwsHandler) OnOpen(c *lxzan.Conn) { h.members.join(c) }

func (h *gwsHandler) OnClose(c *lxzan.Conn, _ error) { h.members.leave(c) }

func (h *gwsHandler) OnMessage(c *lxzan.Conn, m *lxzan.Message) {
	defer m.Close()
	switch job := h.members.job; {
	case job.Broadcast:
		h.broadcast(m)
	case h.async:
		message := bytes.Clone(m.Bytes())
		job.reply(func() error {
			c.WriteAsync(m.Opcode, message, nil)
			return nil
		})
	case job.echoes():
		c.WriteMessage(m.Opcode, m.Bytes())
	default:
		job.reply(func() error { return c.WriteMessage(m.Opcode, m.Bytes()) })
	}
}

// broadcast copies the message, since the connections write it later.
func (h *gwsHandler) broadcast(m *lxzan.Message) {
	b := lxzan.NewBroadcaster(m.Opcode, bytes.Clone(m.Bytes()))
	defer b.Close()
	h.members.each(func(c *lxzan.Conn) { b.Broadcast(c) })
}
