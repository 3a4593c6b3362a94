package servers

import (
	"net/http"

	antlabs "github.com/antlabs/quickws"
)

func quickws(job *Job) http.Handler {
	u := antlabs.NewUpgrade(antlabs.WithServerEnableUTF8Check(), antlabs.WithServerReadMaxMessage(maxMessage),
		antlabs.WithServerCallback(quickwsHandler{job}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := u.Upgrade(w, r); err == nil {
			c.StartReadLoop()
		}
	})
}

type quickwsHandler struct{ job *Job }

func (h quickwsHandler) OnOpen(c *antlabs.Conn)           { h.job.join(quickwsConn{c}) }
func (h quickwsHandler) OnClose(c *antlabs.Conn, _ error) { h.job.leave(quickwsConn{c}) }

func (h quickwsHandler) OnMessage(c *antlabs.Conn, op antlabs.Opcode, p []byte) {
	h.job.answer(quickwsConn{c}, byte(op), p)
}

type quickwsConn struct{ *antlabs.Conn }

func (c quickwsConn) send(op byte, p []byte) error { return c.WriteMessage(antlabs.Opcode(op), p) }
