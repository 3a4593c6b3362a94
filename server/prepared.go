package server

import (
	"resty.websocket/frame"
	"resty.websocket/internal/endpoint"
)

// A Prepared is a message for many connections. It is validated once, and encoded and
// compressed at most once for connections that are alike: in MaxSendLen, and in the
// level and the window of their compression (RFC 7692, Section 7.1.2). The first
// connection that needs it does that. Connections share the result, so that it takes
// no memory of each.
//
// Multiple goroutines may send a Prepared simultaneously.
type Prepared = endpoint.Prepared

// ErrBacklogFull is the error of [Conn.Offer] for a message for which there is no room in
// Options.MaxBacklog.
var ErrBacklogFull = endpoint.ErrBacklogFull

// Prepare returns p as a message of type op, [frame.Text] or [frame.Binary]. Prepare
// copies p. The error is [frame.ErrSendText] if p is not UTF-8, and [frame.ErrSendFrame]
// for another op.
func Prepare(op frame.Opcode, p []byte) (*Prepared, error) { return endpoint.Prepare(op, p) }
