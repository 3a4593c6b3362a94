package auth

import (
	"time"

	"resty.websocket/frame"
	"resty.websocket/server"
)

// firstMessageTime is how long a client has for its token. A client without one holds a connection for no longer.
const firstMessageTime = 5 * time.Second

// FirstMessage returns a function for server.Handler that calls serve if the first message is a valid token. Otherwise the client
// is sent a Close frame with 1008.
//
// The token is read before serve sets its own Timeout; there is none when serve is called. MaxMessageLen bounds
// what a stranger may send.
func FirstMessage(token Verifier, serve func(wb *server.Conn, user string)) func(*server.Conn) {
	return func(wb *server.Conn) {
		wb.SetTimeout(firstMessageTime)
		data, typ, err := wb.RecvMessage()
		wb.SetTimeout(0)
		if err == nil && typ == frame.Text {
			if user, ok := token(string(data)); ok {
				serve(wb, user)
				return
			}
		}
		wb.SendClose(frame.StatusPolicyViolation, "no valid token")
	}
}
