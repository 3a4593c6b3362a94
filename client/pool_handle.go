package client

import (
	"context"
	"fmt"
	"net"

	"resty.websocket/frame"
	"resty.websocket/internal/endpoint"
)

// next returns a Conn for the connection of c, for the next caller of Get, and makes
// c one that is over. A caller that uses c afterwards does not reach the connection.
func (c *Conn) next() *Conn {
	next := &Conn{response: c.response, protocol: c.protocol, reused: c.reused + 1}
	conn := c.endpoint.Swap(givenBack)
	conn.LeaveContext(errGivenBack)
	conn.SetRecvContext(context.Background())
	next.endpoint.Store(conn)
	return next
}

var errGivenBack = fmt.Errorf("client: the connection was given back to its Pool: %w", net.ErrClosed)

// givenBack is the connection of each Conn that Put has taken back. It is over.
var givenBack = newGivenBack()

func newGivenBack() *endpoint.Conn {
	closed, _ := net.Pipe()
	c := endpoint.New(givenBackConn{closed}, &endpoint.Config{Role: frame.Client}, nil)
	c.RecvFrame() // the error of Read becomes that of the connection
	c.CloseNow()
	// The first call of Close makes a channel, and further ones wait for it. If a caller
	// made it in a bubble of testing/synctest, Close in another one would be a fatal error.
	c.Close(frame.StatusNormalClosure)
	return c
}

// A givenBackConn is a closed net.Conn whose error tells why it is closed.
type givenBackConn struct{ net.Conn }

func (givenBackConn) Read([]byte) (int, error)  { return 0, errGivenBack }
func (givenBackConn) Write([]byte) (int, error) { return 0, errGivenBack }
