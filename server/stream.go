package server

import (
	"net"

	"resty.websocket/frame"
)

// Stream returns the connection as a [net.Conn], for protocols that speak in bytes. A
// Write sends messages of type op, [frame.Binary] or [frame.Text], of 16 KiB at most.
// Reads go on from one message to the next, and their borders mean nothing. Text
// must not be cut inside a character from one Write to the next: the error is
// [frame.ErrSendText].
//
// Read returns [io.EOF] after a Close frame of the client's with 1000 or 1001, and
// [io.ErrUnexpectedEOF] if TCP ends without one. Other ends of the connection are
// returned as they are. A message of another type fails the connection with 1003.
//
// The deadlines are those of net.Conn. A call that runs into one returns
// [os.ErrDeadlineExceeded] and ends nothing: after a later deadline is set, the next call
// goes on. A Write returns when its bytes are accepted, and says how many were. It waits
// while 64 KiB are accepted and not yet written; see Flush. Timeout bounds each wait of a
// Read as well. SetReadDeadline takes the place of SetRecvContext.
//
// Close does the closing handshake, as [Conn.Close] does. Multiple goroutines may invoke
// the methods of the net.Conn simultaneously. While it is used, no other method of the
// Conn may receive.
func (c *Conn) Stream(op frame.Opcode) net.Conn { return c.conn.Stream(op) }
