package servers

import (
	"bytes"
	"net/http"

	lxzan "github.com/lxzan/gws"

	"resty.websocket/internal/bench/load"
)

func gws(job *Job) http.Handler {
	u := lxzan.NewUpgrader(gwsHandler{job: job}, &lxzan.ServerOption{
		CheckUtf8Enabled:   true,
		ReadMaxPayloadSize: maxMessage,
		PermessageDeflate: lxzan.PermessageDeflate{
			Enabled: job.Deflate != load.Plain, Level: 1, ServerMaxWindowBits: 15, ClientMaxWindowBits: 15,
			ServerContextTakeover: job.Deflate == load.Takeover, ClientContextTakeover: job.Deflate == load.Takeover,
		},
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := u.Upgrade(w, r); err == nil {
			go c.ReadLoop()
		}
	})
}

func gwsBroadcaster(j *Job, op byte, p []byte) {
	b := lxzan.NewBroadcaster(lxzan.Opcode(op), bytes.Clone(p))
	defer b.Close()
	for c := range j.recipients {
		b.Broadcast(c.(gwsConn).Conn)
	}
}

type gwsHandler struct {
	lxzan.BuiltinEventHandler
	job *Job
}

func (h gwsHandler) OnOpen(c *lxzan.Conn)           { h.job.join(gwsConn{c}) }
func (h gwsHandler) OnClose(c *lxzan.Conn, _ error) { h.job.leave(gwsConn{c}) }

func (h gwsHandler) OnMessage(c *lxzan.Conn, m *lxzan.Message) {
	defer m.Close()
	h.job.answer(gwsConn{c}, byte(m.Opcode), m.Bytes())
}

type gwsConn struct{ *lxzan.Conn }

func (c gwsConn) send(op byte, p []byte) error { return c.WriteMessage(lxzan.Opcode(op), p) }
func (c gwsConn) Close() error                 { return c.NetConn().Close() }
