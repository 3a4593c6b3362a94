package client

import "resty.websocket/frame"

// SendText sends p as a text message in one frame. SendText does not modify or
// retain p.
//
// If p may not be sent, nothing is: the error is [frame.ErrSendText] if p is
// not UTF-8, [frame.ErrSendTooLong] if it is longer than MaxSendLen, or
// [frame.ErrSendFrame] inside a fragmented message, and the connection goes on.
// After a Close frame of one's own it is [frame.ErrSendClosed]. Any other
// error is fatal, since the frame may have been cut in two. The same holds for
// all Send methods.
func (c *Conn) SendText(p []byte) error { return c.conn().SendFrame(true, frame.Text, p) }

// SendString is SendText for a string.
func (c *Conn) SendString(s string) error { return c.conn().SendString(s) }

// SendBinary sends p as a binary message in one frame. SendBinary does not
// modify or retain p.
func (c *Conn) SendBinary(p []byte) error { return c.conn().SendFrame(true, frame.Binary, p) }

// SendContinue sends p as the last fragment of a message that
// SendFrame(false, …) has begun. SendContinue does not modify or retain p.
func (c *Conn) SendContinue(p []byte) error { return c.conn().SendFrame(true, frame.Continuation, p) }

// SendPing sends a Ping frame with the payload p of up to 125 bytes, which the
// peer is to send back in a Pong. SendPing does not modify or retain p.
func (c *Conn) SendPing(p []byte) error { return c.conn().SendFrame(true, frame.Ping, p) }

// SendPong sends a Pong frame with the payload p, which is that of the Ping
// that it answers. SendPong does not modify or retain p.
func (c *Conn) SendPong(p []byte) error { return c.conn().SendFrame(true, frame.Pong, p) }

// SendClose sends a Close frame. A code of 0 sends an empty one, without
// reason either. A reason of more than 123 bytes is cut at the border of a
// rune. The error is [frame.ErrSendStatusCode] for a code that must not be sent
// (see [frame.StatusCode.Valid]); the connection goes on then.
//
// SendClose sends and returns; it is RecvFrame or Close that wait for the
// server's answer. Nothing can be sent after it. It may still be called when
// the server's Close frame has been received.
func (c *Conn) SendClose(code frame.StatusCode, reason string) error {
	return c.conn().SendClose(code, reason)
}

// SendFrame sends one frame. A message in fragments begins with fin false and
// frame.Text or frame.Binary, goes on with fin false and frame.Continuation,
// and ends with fin true and frame.Continuation; control frames may come in
// between. What would break this order, or Section 5 of RFC 6455 otherwise, is
// refused with [frame.ErrSendFrame], and nothing is sent. SendFrame does not
// modify or retain p.
//
// Only a message in one frame is ever compressed. Fragments are sent plain.
func (c *Conn) SendFrame(fin bool, op frame.Opcode, p []byte) error {
	return c.conn().SendFrame(fin, op, p)
}

// SendPlain sends p as a message in one frame that is not compressed, whatever
// Options.Deflate says; op is [frame.Text] or [frame.Binary]. Without compression
// it is SendFrame(true, op, p). SendPlain does not modify or retain p.
//
// It is for secrets. The length of a compressed message tells what it has in
// common with what the compressor has seen. Whoever can have text of their own
// choice sent on the same connection, and watch the lengths on the wire, finds
// out a secret piece by piece in spite of TLS, as the attacks CRIME and BREACH
// did. Without context takeover the two have to be in one message for that; with
// it, within 32 KiB of each other. A message that is sent plain is neither
// compressed nor remembered.
func (c *Conn) SendPlain(op frame.Opcode, p []byte) error { return c.conn().SendPlain(op, p) }

// Flush sends what Options.Cork has held back, if anything. Any error is fatal.
func (c *Conn) Flush() error { return c.conn().Flush() }
