package endpoint

import (
	"cmp"
	"math"
	"net"
	"sync/atomic"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
)

// Config is what the two sides' Options have in common. Zero means the default
// everywhere; lengths are in bytes, and negative ones no limit.
type Config struct {
	Role          frame.Role
	Masked        bool          // mask what is sent
	MaxPayloadLen int           // of one frame's payload; 0 means 65535, for RecvFrame and what is sent
	MaxRecvLen    int           // of one received frame's payload; 0 means MaxPayloadLen
	MaxSendLen    int           // of one sent frame's payload; 0 means MaxPayloadLen
	MaxMessageLen int           // of one message for RecvMessage; 0 means 1 MiB or MaxRecvLen if larger
	Timeout       time.Duration // of each Recv and Send call; 0 means none
	SendTimeout   time.Duration // of each Send call; 0 means Timeout
	NoDelay       bool          // write each frame at once; see join.go
	MaxBacklog    int           // bytes that Offer may leave waiting; 0 means 1 MiB
	// Deflate is what was agreed on for permessage-deflate. If nil, there is no
	// compression.
	Deflate *handshake.Deflate
}

const (
	// defaultMaxPayloadLen is what a MaxPayloadLen of zero means.
	defaultMaxPayloadLen = 65535
	// defaultMaxMessageLen is what a MaxMessageLen of zero means, at least.
	defaultMaxMessageLen = 1 << 20
)

// recvLimit and sendLimit resolve MaxRecvLen and MaxSendLen; neither is zero then.
func (cfg *Config) recvLimit() int {
	return cmp.Or(cfg.MaxRecvLen, cfg.MaxPayloadLen, defaultMaxPayloadLen)
}

func (cfg *Config) sendLimit() int {
	return cmp.Or(cfg.MaxSendLen, cfg.MaxPayloadLen, defaultMaxPayloadLen)
}

// messageLimit resolves MaxMessageLen; the result is never zero.
func (cfg *Config) messageLimit() int {
	if cfg.MaxMessageLen != 0 {
		return cfg.MaxMessageLen
	}
	if cfg.recvLimit() < 0 {
		return -1
	}
	return max(defaultMaxMessageLen, cfg.recvLimit())
}

// A Conn is one end of a connection whose opening handshake is done.
type Conn struct {
	link
	recv    receiver
	send    sender
	closing atomic.Pointer[closing] // the first call of Close
}

// New returns a Conn over nc, which it owns from then on. The bytes of early
// are those that were read from nc already; they are copied.
func New(nc net.Conn, cfg *Config, early []byte) *Conn {
	c := new(Conn)
	c.link.open(nc, cfg)
	c.recv = receiver{
		link:      &c.link,
		sender:    &c.send,
		decoder:   frame.Decoder{Role: cfg.Role, RSV1: cfg.Deflate != nil},
		limit:     int64(cfg.recvLimit()),
		limitSet:  cmp.Or(cfg.MaxRecvLen, cfg.MaxPayloadLen) != 0,
		message:   message{limit: cfg.messageLimit()},
		lengthSet: cfg.MaxMessageLen != 0,
		inflation: newInflation(cfg.Deflate, cfg.Role),
	}
	if c.raw != nil {
		c.recv.socket.once = c.recv.socketRead()
	}
	if len(early) > 0 {
		c.recv.window.move(len(early))
		c.recv.window.extend(copy(c.recv.window.tail(), early))
	}
	s := &c.send
	s.link = &c.link
	s.encoder = frame.Encoder{Masked: cfg.Masked, MaxPayloadLen: int64(cfg.sendLimit())}
	s.socket = isSocket(nc)
	s.deflation = newDeflation(cfg.Deflate, cfg.Role)
	s.maxBacklog = int32(min(max(cmp.Or(cfg.MaxBacklog, defaultMaxBacklog), -1), math.MaxInt32))
	if cfg.NoDelay {
		s.noDelay = true
		s.hold.state.Store(noHold)
	}
	return c
}

// LocalAddr and RemoteAddr return the addresses of the connection underneath.
func (c *Conn) LocalAddr() net.Addr  { return c.nc.LocalAddr() }
func (c *Conn) RemoteAddr() net.Addr { return c.nc.RemoteAddr() }
