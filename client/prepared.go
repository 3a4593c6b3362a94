package client

import (
	"resty.websocket/frame"
	"resty.websocket/internal/endpoint"
)

// A Prepared is a message for many connections, a server's among them: it is package
// server's Prepared under the name of this package.
type Prepared = endpoint.Prepared

// ErrBacklogFull is the error of [Conn.Offer] for a message for which there is no room in
// Options.MaxBacklog.
var ErrBacklogFull = endpoint.ErrBacklogFull

// Prepare returns p as a message of type op, [frame.Text] or [frame.Binary]. Prepare
// copies p. The error is [frame.ErrSendText] if p is not UTF-8, and [frame.ErrSendFrame]
// for another op.
func Prepare(op frame.Opcode, p []byte) (*Prepared, error) { return endpoint.Prepare(op, p) }
