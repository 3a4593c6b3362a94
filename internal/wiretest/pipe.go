package wiretest

import (
	"errors"
	"net"
	"syscall"
	"time"
)

// A Conn is one end of a connection in memory. It is a [net.Conn] with
// deadlines, half-close and reset, whose reads and writes can be told to fall
// short, to fail and to block. Where a goroutine waits, it waits in a way that
// a testing/synctest bubble knows as durable.
//
// Multiple goroutines may use a Conn simultaneously.
type Conn struct {
	in, out *stream
	name    string
}

// A Step is what one Read or Write has to do: move at most N bytes and return
// Err. A Write that moves fewer bytes than it was given and has no Err breaks
// the contract of io.Writer, which is a thing to test too.
type Step struct {
	N   int
	Err error
}

// Pipe returns the two ends of a connection. Each reads the bytes that the other writes.
func Pipe() (a, b *Conn) {
	ab, ba := newStream(), newStream()
	return &Conn{in: ba, out: ab, name: "a"}, &Conn{in: ab, out: ba, name: "b"}
}

// ScriptReads makes the next calls of Read follow steps, one each. After them
// Read is as usual.
func (c *Conn) ScriptReads(steps ...Step) { c.in.reading.script(steps) }

// ScriptWrites makes the next calls of Write follow steps, one each. After
// them Write is as usual.
func (c *Conn) ScriptWrites(steps ...Step) { c.out.writing.script(steps) }

// SetWriteBuffer bounds how many bytes may be under way to the other end: a
// Write blocks as long as there are n that have not been read. If negative,
// there is no bound, as at first.
func (c *Conn) SetWriteBuffer(n int) {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	c.out.room = n
	c.out.changed.Broadcast()
}

// Writes returns how many calls of Write there were.
func (c *Conn) Writes() int {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	return c.out.writing.calls
}

// Reads returns how many calls of Read there were.
func (c *Conn) Reads() int {
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	return c.in.reading.calls
}

func (c *Conn) Read(p []byte) (int, error)  { return c.in.read(p) }
func (c *Conn) Write(p []byte) (int, error) { return c.out.write(p) }

// Close ends both directions. The other end reads what is under way, then
// io.EOF, and its writes fail with EPIPE.
func (c *Conn) Close() error {
	c.out.finish()
	c.in.writing.end(syscall.EPIPE)
	c.out.writing.end(net.ErrClosed)
	return c.in.reading.end(net.ErrClosed)
}

// CloseWrite ends the direction to the other end, which reads what is under
// way, then io.EOF.
func (c *Conn) CloseWrite() error {
	c.out.finish()
	return c.out.writing.end(syscall.EPIPE)
}

// Reset breaks the connection at once. The bytes under way are lost, and both
// ends fail with ECONNRESET.
func (c *Conn) Reset() {
	for _, s := range []*stream{c.in, c.out} {
		s.reading.end(syscall.ECONNRESET)
		s.writing.end(syscall.ECONNRESET)
	}
}

// SetDeadline sets both deadlines. Zero means none, as for any net.Conn.
func (c *Conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// SetReadDeadline binds the calls of Read, those under way included.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.in.reading.setDeadline(t) }

// SetWriteDeadline binds the calls of Write, those under way included.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.out.writing.setDeadline(t) }

// LocalAddr returns an address that says "a" or "b".
func (c *Conn) LocalAddr() net.Addr { return addr(c.name) }

// RemoteAddr returns an address that says "a" or "b".
func (c *Conn) RemoteAddr() net.Addr {
	if c.name == "a" {
		return addr("b")
	}
	return addr("a")
}

type addr string

func (addr) Network() string  { return "wiretest" }
func (a addr) String() string { return string(a) }
