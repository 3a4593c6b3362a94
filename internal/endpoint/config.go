package endpoint

import (
	"cmp"
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
	Heartbeat     time.Duration // of silence, until the peer is sent a Ping; 0 means none
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

// Settings are what connections of the same Config share: the Config, without Deflate, in
// the form in which it is used.
type Settings struct {
	role    frame.Role
	masked  bool
	noDelay bool

	recvLimit         int64 // of one received frame's payload for RecvFrame, in bytes; negative: none
	messageFrameLimit int64 // the same at the level of messages
	messageLimit      int   // of one message for RecvMessage, in bytes; negative: none
	readerLimit       int   // the same for NextReader
	sendLimit         int64 // of one sent frame's payload, in bytes; negative: none
	maxBacklog        int   // of sender.unsent, for Offer, in bytes; negative: none

	timeout     time.Duration // of Recv and Send calls without SetTimeout; 0: none
	sendTimeout time.Duration // of Send calls; 0: as the others
	heartbeat   time.Duration // 0: none
}

// Settle returns the settings of cfg.
func (cfg *Config) Settle() *Settings {
	recvLimit := cmp.Or(cfg.MaxRecvLen, cfg.MaxPayloadLen)
	set := &Settings{
		role:              cfg.Role,
		masked:            cfg.Masked,
		noDelay:           cfg.NoDelay,
		recvLimit:         int64(cmp.Or(recvLimit, defaultMaxPayloadLen)),
		messageFrameLimit: int64(cmp.Or(recvLimit, -1)), // the message has a limit of its own
		readerLimit:       cmp.Or(cfg.MaxMessageLen, -1),
		sendLimit:         int64(cmp.Or(cfg.MaxSendLen, cfg.MaxPayloadLen, defaultMaxPayloadLen)),
		maxBacklog:        cmp.Or(cfg.MaxBacklog, defaultMaxBacklog),
		timeout:           max(cfg.Timeout, 0),
		sendTimeout:       max(cfg.SendTimeout, 0),
		heartbeat:         max(cfg.Heartbeat, 0),
	}
	set.messageLimit = cmp.Or(cfg.MaxMessageLen, defaultMessageLimit(recvLimit))
	return set
}

// defaultMessageLimit is what a MaxMessageLen of zero means with a limit of frames that
// may be zero itself.
func defaultMessageLimit(recvLimit int) int {
	if recvLimit < 0 {
		return -1
	}
	return max(defaultMaxMessageLen, recvLimit)
}
