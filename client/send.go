package client

import "resty.websocket/frame"

// SendText sends p as a text message in one frame. SendText does not modify or
// retain p.
//
// If the error is nil, the frame was written, or it was accepted and leaves very soon
// together with others; see the package comment. The error of a write that fails after
// that is the next call's, Flush's or Close's. With Options.NoDelay the frame was
// written.
//
// The error is [frame.ErrSendText] if p is not UTF-8, [frame.ErrSendTooLong] if
// it is longer than MaxSendLen, [frame.ErrSendFrame] inside a fragmented message, or
// [frame.ErrSendClosed] after SendClose or Close. Nothing is sent then, and
// the connection goes on. The same holds if Timeout has passed before it was the
// call's turn to send. Any other error ends sending, since the frame may have been
// cut in two: all sends return it from then on. The last messages of the server can
// still be received; see Fatal. The same holds for all Send methods.
func (c *Conn) SendText(p []byte) error { return c.conn().SendFrame(true, frame.Text, p) }

// SendString is SendText for a string.
func (c *Conn) SendString(s string) error { return c.conn().SendString(s) }

// SendBinary sends p as a binary message in one frame. SendBinary does not
// modify or retain p.
func (c *Conn) SendBinary(p []byte) error { return c.conn().SendFrame(true, frame.Binary, p) }

// SendMessage sends p as a whole message, the inverse of RecvMessage: in one frame,
// or in as many as MaxSendLen asks for. The op is [frame.Text] or [frame.Binary]; any
// other is sent by SendFrame. SendMessage does not modify or retain p.
//
// Text is validated as a whole before any of it is sent. A message of several frames
// is not compressed.
func (c *Conn) SendMessage(op frame.Opcode, p []byte) error { return c.conn().SendMessage(op, p) }

// SendContinue sends p as the last fragment of a message that
// SendFrame(false, …) has begun. SendContinue does not modify or retain p.
func (c *Conn) SendContinue(p []byte) error { return c.conn().SendFrame(true, frame.Continuation, p) }

// SendPing sends a Ping frame with the payload p of up to 125 bytes. The server
// must send it back in a Pong (RFC 6455, Section 5.5.2). SendPing does not modify
// or retain p.
func (c *Conn) SendPing(p []byte) error { return c.conn().SendFrame(true, frame.Ping, p) }

// SendPong sends a Pong frame with the payload p of up to 125 bytes. To answer a
// Ping, p must be the Ping's payload (RFC 6455, Section 5.5.3). SendPong does not
// modify or retain p.
func (c *Conn) SendPong(p []byte) error { return c.conn().SendFrame(true, frame.Pong, p) }

// SendClose sends a Close frame. If code is 0, the frame has neither a code nor a
// reason. A reason of more than 123 bytes is cut, but not inside a rune. The error
// is [frame.ErrSendStatusCode] if code must not be sent (see
// [frame.StatusCode.Valid]); the connection goes on then.
//
// SendClose does not wait for the server's answer; RecvFrame and Close do. Nothing
// can be sent after it. SendClose may still be called when the server's Close frame
// has been received.
func (c *Conn) SendClose(code frame.StatusCode, reason string) error {
	return c.conn().SendClose(code, reason)
}

// SendFrame sends one frame. A message in fragments begins with fin false and
// frame.Text or frame.Binary, goes on with fin false and frame.Continuation, and
// ends with fin true and frame.Continuation. Control frames may be sent between
// the fragments. A frame that breaks this order or another rule of RFC 6455,
// Section 5, is refused with [frame.ErrSendFrame], and nothing is sent. SendFrame
// does not modify or retain p.
//
// Compression is for messages in one frame. Fragments are sent as they are.
func (c *Conn) SendFrame(fin bool, op frame.Opcode, p []byte) error {
	return c.conn().SendFrame(fin, op, p)
}

// SendPlain sends p as a message in one frame that is not compressed, whatever
// Options.Deflate says; op is [frame.Text] or [frame.Binary]. Without compression
// it is SendFrame(true, op, p). SendPlain does not modify or retain p.
//
// SendPlain is for secrets. The length of a compressed message tells how much the
// message has in common with the data that the compressor has seen. An attacker
// who can have text of their choice sent on the same connection, and can watch the
// lengths on the wire, finds out a secret piece by piece in spite of TLS, as the
// attacks CRIME and BREACH did. Without context takeover the secret and the text
// must be in one message for that; with it, within 32 KiB of each other. The
// compressor does not see a message that is sent plain.
func (c *Conn) SendPlain(op frame.Opcode, p []byte) error { return c.conn().SendPlain(op, p) }

// SendPrepared sends m as a whole message. It is SendMessage for a message that was
// validated, encoded and compressed before, maybe for another connection. Within a
// message that the caller has begun with SendFrame the error is [frame.ErrSendFrame].
func (c *Conn) SendPrepared(m *Prepared) error { return c.conn().SendPrepared(m) }

// Offer is SendPrepared for a caller that must not wait, such as one that sends to many
// connections. The message is accepted, and written by a goroutine of the connection's
// own. The messages that a server does not take wait, in MaxBacklog bytes at most; a
// message for which there is no room is not sent at all, and the error is
// [ErrBacklogFull]. The connection goes on then.
//
// Messages that were accepted keep the order in which they were sent and offered.
// Within a message that the caller has begun with SendFrame, an offered one waits for
// its end. The message is copied, and masked with a key of
// its own.
func (c *Conn) Offer(m *Prepared) error { return c.conn().Offer(m) }

// Flush writes the frames that were accepted and not yet written, and returns when that
// is done. If the server does not take them within Timeout, sending has ended.
func (c *Conn) Flush() error { return c.conn().Flush() }
