package servers

import (
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
	serve:    serveGWS,
}

func serveGWS(ln net.Listener, job *Job) error {
	handler := &gwsHandler{members: newHub[*lxzan.Conn](job)}
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
}

func (h *gwsHandler) OnOpen(c *lxzan.Conn) { h.members.join(c) }

func (h *gwsHandler) OnClose(c *lxzan.Conn, _ error) { h.members.leave(c) }

func (h *gwsHandler) OnMessage(c *lxzan.Conn, m *lxzan.Message) {
	defer m.Close()
	if !h.members.job.Broadcast {
		c.WriteMessage(m.Opcode, m.Bytes())
		return
	}
	b := lxzan.NewBroadcaster(m.Opcode, m.Bytes())
	defer b.Close()
	h.members.each(func(c *lxzan.Conn) { b.Broadcast(c) })
}
