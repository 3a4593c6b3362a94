package main

import (
	"log/slog"

	"resty.websocket/frame"
	"resty.websocket/server"
)

// A session is echo by callbacks: it sends back whole messages. The connection answers
// pings and Close frames by itself, and pings a silent client.
type session struct {
	conn *server.Conn
	log  *slog.Logger
}

func (s *session) Message(data []byte, typ frame.Opcode) {
	if err := s.conn.SendMessage(typ, data); err != nil {
		s.conn.CloseNow()
	}
}

func (s *session) Close(err error) { s.log.Info("ended", "why", err) }
