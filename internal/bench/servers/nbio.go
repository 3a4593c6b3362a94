package servers

import (
	"net"
	"net/http"

	"github.com/lesismal/nbio/logging"
	"github.com/lesismal/nbio/nbhttp"
	"github.com/lesismal/nbio/nbhttp/websocket"

	"resty.websocket/internal/bench/load"
)

func nbio(ln net.Listener, job *Job) error {
	u := websocket.NewUpgrader()
	u.KeepaliveTime = 0
	u.EnableCompression(job.Deflate != load.Plain)
	u.SetCompressionLevel(1)
	u.OnOpen(func(c *websocket.Conn) {
		c.EnableWriteCompression(job.Deflate != load.Plain)
		job.join(nbioConn{c})
	})
	u.OnClose(func(c *websocket.Conn, _ error) { job.leave(nbioConn{c}) })
	u.OnMessage(func(c *websocket.Conn, op websocket.MessageType, p []byte) { job.answer(nbioConn{c}, byte(op), p) })
	logging.SetLevel(logging.LevelNone) // it logs to the standard output
	engine := nbhttp.NewEngine(nbhttp.Config{
		Network: "tcp", Addrs: []string{ln.Addr().String()},
		Listen:                       func(string, string) (net.Listener, error) { return ln, nil },
		Handler:                      http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { u.Upgrade(w, r, nil) }),
		IOMod:                        nbhttp.IOModNonBlocking,
		ReleaseWebsocketPayload:      true,
		MaxWebsocketFramePayloadSize: maxMessage, // a message is one frame, as with the others
	})
	u.Engine = engine
	if err := engine.Start(); err != nil {
		return err
	}
	select {}
}

type nbioConn struct{ *websocket.Conn }

func (c nbioConn) send(op byte, p []byte) error { return c.WriteMessage(websocket.MessageType(op), p) }
