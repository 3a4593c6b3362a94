package endpoint

import (
	"cmp"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"resty.websocket/frame"
)

// Config is what the two sides' Options have in common. Zero means the default
// everywhere; lengths are in bytes, and negative ones no limit.
type Config struct {
	Role          frame.Role
	Masked        bool          // mask what is sent
	MaxPayloadLen int           // of one frame's payload; 0 means 65535
	MaxRecvLen    int           // of one received frame's payload; 0 means MaxPayloadLen
	MaxSendLen    int           // of one sent frame's payload; 0 means MaxPayloadLen
	MaxMessageLen int           // of one message for RecvMessage; 0 means 1 MiB or MaxRecvLen if larger
	Timeout       time.Duration // of each Recv and Send call; 0 means none
	Cork          bool          // see cork.go
	Deflate       *Deflate      // nil: no compression
}

// defaultMaxMessageLen is what a MaxMessageLen of zero means, at least.
const defaultMaxMessageLen = 1 << 20

// recvLimit and sendLimit resolve MaxRecvLen and MaxSendLen; zero is left to
// the codec.
func (cfg *Config) recvLimit() int { return cmp.Or(cfg.MaxRecvLen, cfg.MaxPayloadLen) }
func (cfg *Config) sendLimit() int { return cmp.Or(cfg.MaxSendLen, cfg.MaxPayloadLen) }

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
	nc      net.Conn
	began   time.Time
	timeout atomic.Int64          // a time.Duration; 0 means none
	fatal   atomic.Pointer[error] // what ended the connection
	recv    receiver
	send    sender
	closing sync.Once
	role    frame.Role
	closed  error // the result of closing

	deflation *deflation // nil: no compression
}

// receiver is the receiving direction, guarded by mu.
type receiver struct {
	mu       sync.Mutex
	decoder  frame.Decoder
	window   window
	source   source
	message  message
	deadline instant // of the call that is under way
	reads    int     // by that call, so far
	alarm    alarm
}

// sender is the sending direction, guarded by mu.
type sender struct {
	mu       sync.Mutex
	encoder  frame.Encoder
	deadline instant // of the call that is under way
	alarm    alarm
	cork     cork
	err      error // of the write that has failed; none follows it
}

// New returns a Conn over nc, which it owns from then on. The bytes of early
// are those that were read from nc already; they are copied.
func New(nc net.Conn, cfg *Config, early []byte) *Conn {
	c := &Conn{nc: nc, began: time.Now(), role: cfg.Role, deflation: newDeflation(cfg.Deflate)}
	c.SetTimeout(cfg.Timeout)
	c.recv.decoder = frame.Decoder{
		Role:          cfg.Role,
		MaxPayloadLen: int64(cfg.recvLimit()),
		RSV1:          cfg.Deflate != nil,
	}
	c.recv.message.limit = cfg.messageLimit()
	c.recv.source.init(c)
	if len(early) > 0 {
		c.recv.window.move(len(early))
		c.recv.window.extend(copy(c.recv.window.tail(), early))
	}
	c.send.encoder = frame.Encoder{Masked: cfg.Masked, MaxPayloadLen: int64(cfg.sendLimit())}
	c.send.cork.enabled = cfg.Cork
	return c
}

// NetConn returns the connection underneath.
func (c *Conn) NetConn() net.Conn { return c.nc }

// SetTimeout sets the Timeout of the calls that follow. A call that is under
// way keeps the one that it began with. Zero or less means none.
func (c *Conn) SetTimeout(d time.Duration) { c.timeout.Store(int64(max(d, 0))) }

// Fatal returns what ended the connection, or nil while it can be used.
func (c *Conn) Fatal() error {
	if err := c.fatal.Load(); err != nil {
		return *err
	}
	return nil
}

// end makes err what ended the connection, unless something else has already,
// and wakes whoever waits for either direction. It returns what Fatal returns
// from then on.
func (c *Conn) end(err error) error {
	if c.fatal.CompareAndSwap(nil, &err) {
		c.limitRecv(past)
		c.limitSend(past)
	}
	return c.Fatal()
}

// isClose reports whether a Close frame of the peer is what ended the connection.
func isClose(fatal error) bool {
	_, closed := fatal.(*frame.CloseError)
	return closed
}
