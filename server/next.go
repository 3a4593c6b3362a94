package server

import (
	"io"

	"resty.websocket/frame"
)

// NextReader receives the beginning of the next message and returns a reader of all of
// it. The typ is that of RecvMessage. The message may be of any length: the reader keeps
// no more of it than has arrived at once, and decompresses it as it comes.
// MaxMessageLen bounds the message only if it is set. The number of its fragments is not
// limited.
//
// Read returns bytes as soon as there are any, and io.EOF after the last one. In between
// it takes care of control frames, as RecvMessage does. Other errors are those of
// RecvMessage, except that the end of TCP inside the message is [io.ErrUnexpectedEOF].
// Text is validated as it comes, so that the bytes before a fault have been read
// already. The reader also is an [io.WriterTo], by which io.Copy saves a copy.
//
// Timeout bounds each Read. After a timeout a further Read goes on at the same byte.
//
// The reader is valid until the next call to NextReader, RecvMessage or RecvFrame, which
// first receives the rest of the message and drops it. Read then returns an error. Calls
// to Read and NextReader receive: only one goroutine may make them at a time, and data
// that RecvMessage or RecvFrame has returned is not valid any more.
func (c *Conn) NextReader() (typ frame.Opcode, r io.Reader, err error) { return c.conn.NextReader() }

// NextWriter begins a message of type op, [frame.Text] or [frame.Binary], and returns a
// writer of it. The message is sent in fragments (RFC 6455, Section 5.4) while it is
// written, and ends with the writer's Close. It may be of any length: the writer keeps 16
// KiB of it, and compresses it as it comes, if Options.Deflate says so. A message of 16
// KiB or less is sent in one frame, as SendMessage sends it. A MaxSendLen below 16 KiB
// takes their place.
//
// Until Close, all other calls that send messages wait, within their Timeout; so does
// another NextWriter. Control frames are sent in between. The caller must call Close,
// even after an error. After the end of the connection nothing waits for it.
//
// Write does not modify or retain its argument. If text cannot be continued by it, the
// error is [frame.ErrSendText], and none of it is sent. Timeout bounds each Write, and
// NextWriter itself. A timeout before anything was sent is [os.ErrDeadlineExceeded] and
// ends nothing: n tells how much was taken, and the caller may go on behind it. Any other
// error is that of all further calls. Write after Close is an error. If text ends inside
// a character, Close returns [frame.ErrSendText] and closes the connection with
// [frame.StatusInternalError], because the message cannot be ended.
//
// The writer also is an [io.ReaderFrom], by which io.Copy allocates no buffer, and has a
// method Flush, which sends what was written so far as a fragment:
//
//	err := w.(interface{ Flush() error }).Flush()
//
// Only one goroutine may use the writer at a time. Within a message that the caller has
// begun with SendFrame, NextWriter returns [frame.ErrSendFrame].
func (c *Conn) NextWriter(op frame.Opcode) (io.WriteCloser, error) { return c.conn.NextWriter(op) }
