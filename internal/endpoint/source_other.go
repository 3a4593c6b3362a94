//go:build !unix

package endpoint

// A source is how the bytes of a connection are read: here, as every net.Conn.
type source struct{ c *Conn }

func (s *source) init(c *Conn) { s.c = c }

func (s *source) read() error { return s.c.readHolding() }
