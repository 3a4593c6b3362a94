package endpoint

import (
	"net"

	"resty.websocket/frame"
	"resty.websocket/handshake"
)

// A Conn is one end of a connection whose opening handshake is done.
type Conn struct {
	link
	recv receiver
	send sender
}

// New returns a Conn over nc, which it owns from then on. The bytes of early
// are those that were read from nc already; they are copied.
func New(nc net.Conn, cfg *Config, early []byte) *Conn {
	return cfg.Settle().New(nc, cfg.Deflate, early)
}

// New is the function New for one of many connections with the same settings. If agreed,
// which is what was agreed on for permessage-deflate, is nil, there is no compression.
func (set *Settings) New(nc net.Conn, agreed *handshake.Deflate, early []byte) *Conn {
	c := new(Conn)
	c.link.open(nc, set)
	c.recv = receiver{
		link:      &c.link,
		sender:    &c.send,
		decoder:   frame.Decoder{Role: set.role, RSV1: agreed != nil},
		inflation: newInflation(agreed, set.role),
	}
	c.recv.openRaw()
	if len(early) > 0 {
		c.recv.window.move(len(early))
		c.recv.window.extend(copy(c.recv.window.tail(), early))
	}
	s := &c.send
	s.link = &c.link
	s.encoder = frame.Encoder{Masked: set.masked, MaxPayloadLen: set.sendLimit}
	s.socket = isSocket(nc)
	s.deflation = newDeflation(agreed, set.role)
	if set.noDelay {
		s.hold.state.Store(noHold)
	}
	if set.heartbeat > 0 {
		c.beat(set.heartbeat)
	}
	return c
}

// LocalAddr and RemoteAddr return the addresses of the connection underneath.
func (c *Conn) LocalAddr() net.Addr  { return c.nc.LocalAddr() }
func (c *Conn) RemoteAddr() net.Addr { return c.nc.RemoteAddr() }
