//go:build !unix

package endpoint

// A source is how the bytes of a connection are read: here, as every net.Conn.
type source struct{}

func (*source) init(*Conn) {}

func (c *Conn) read() error { return c.readHolding() }
