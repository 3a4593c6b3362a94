package main

import (
	"errors"
	"log/slog"
	"os"

	"resty.websocket/frame"
	"resty.websocket/server"
)

// echo sends back what arrives, frame by frame, so that the fragments of a
// message go back as the fragments they came as. It returns what ended the
// connection.
func echo(conn *server.Conn, log *slog.Logger) error {
	for {
		data, typ, err := conn.RecvFrame()
		var closed *frame.CloseError
		switch {
		case errors.As(err, &closed):
			// Without a code this is refused, and server.Handler answers.
			conn.SendClose(closed.Code, closed.Reason)
			return err
		case errors.Is(err, os.ErrDeadlineExceeded): // is anyone there?
			err = conn.SendPing(nil)
		case err != nil && err != server.ErrAgain:
			return err
		case typ == frame.Ping:
			err = conn.SendPong(data)
		case typ == frame.Pong:
			log.Info("pong", "payload", string(data))
			err = nil
		default:
			err = conn.SendFrame(err == nil, typ, data)
		}
		if err != nil {
			return err
		}
	}
}
