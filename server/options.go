package server

import (
	"net"
	"net/http"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/endpoint"
)

// Options are the settings of a connection. The zero value of each field is
// its default, and a nil *Options is all defaults.
type Options struct {
	// MaxPayloadLen is the largest payload of a data frame, in bytes, received or
	// sent. If zero, 65535 is used, for RecvFrame and for each frame that is sent;
	// RecvMessage then takes frames of any length, within MaxMessageLen, and so does
	// NextReader. If negative, there is no limit. If the client exceeds the limit, it is
	// sent a Close frame with [frame.StatusMessageTooBig] as soon as the header of the
	// frame has arrived.
	MaxPayloadLen int

	// MaxRecvLen is MaxPayloadLen for received frames only. If zero, MaxPayloadLen
	// is used.
	MaxRecvLen int

	// MaxSendLen is MaxPayloadLen for sent frames only. If zero, MaxPayloadLen
	// is used.
	MaxSendLen int

	// MaxMessageLen is the largest message that RecvMessage puts together, in
	// bytes, and the largest that a compressed one may inflate to. If zero, 1 MiB
	// is used, or MaxRecvLen if that is larger or has no limit. If negative, there
	// is no limit. A peer that sends more is told so with 1009. In any case a
	// message has at most 131072 fragments. NextReader takes messages of any length and
	// any number of fragments, unless MaxMessageLen is set.
	MaxMessageLen int

	// SendMasked masks what is sent. RFC 6455, Section 5.1, forbids that to a
	// server, and clients close the connection over it. It is here for tests of
	// clients.
	SendMasked bool

	// Timeout bounds each call that receives, and each call that sends, as a whole. If
	// zero or negative, there is no bound. A Close frame that the caller has not asked
	// for may take a second even so. The connection underneath must have deadlines:
	// without them, Timeout has no effect.
	Timeout time.Duration

	// SendTimeout is Timeout for calls that send. If zero or negative, Timeout is used.
	SendTimeout time.Duration

	// KeepAlive sets TCP keepalive, by which the system finds out about peers
	// that are gone without a word. nginx's so_keepalive=2s:2s:8 is
	// {Enable: true, Idle: 2 * time.Second, Interval: 2 * time.Second, Count: 8}.
	// The zero value leaves the socket as the listener made it, which for
	// net/http is Go's default of 15s:15s:9. To turn keepalive off, set Idle to
	// -1 and leave Enable false.
	KeepAlive net.KeepAliveConfig

	// Protocols are the subprotocols that the server speaks, most preferred
	// first. The first that the client offers too is chosen. If there is none,
	// the connection is made without a subprotocol. A browser that has offered
	// one closes the connection then.
	Protocols []string

	// Origins are further origins whose pages may open a connection, such as
	// "https://app.example", "http://localhost:3000" and "https://*.example.com", which
	// stands for all names below example.com. The pages of the server's own host and port
	// may in any case, if their scheme is the connection's. Without TLS, https is
	// accepted too: it is what a proxy that takes TLS off leaves. See [handshake.Server]
	// for the ports. If one of them is no origin, each request is refused with 500.
	Origins []string

	// CheckOrigin reports whether a request may open a connection. Where it is set, it
	// decides alone, and Origins is not used. See [handshake.Server] for what is at
	// stake.
	CheckOrigin func(*http.Request) bool

	// Header has further header fields for the 101 response, Set-Cookie for
	// instance: OpenResty's ngx.header. The fields in the Header of the
	// ResponseWriter are not sent with a 101. See [handshake.Server] for the
	// fields that it must not have.
	Header http.Header

	// NoDelay makes each Send method write its frame at once and return when the
	// system has it. If false, frames that are sent close together leave together;
	// see the package comment.
	NoDelay bool

	// Heartbeat is for how long the client may be silent. A client from which not a byte
	// has come for so long is sent a Ping (RFC 6455, Section 5.5.2). If nothing comes for
	// as long again, the connection ends with [ErrPeerSilent]. If zero or negative, there
	// is no heartbeat.
	//
	// Any bytes of the client end its silence, not Pongs alone. Silence counts only while a
	// goroutine receives, or Sessions waits for a message: a program that does something else cannot blame the client.
	// RecvMessage drops the Pongs, and RecvFrame returns them, with payloads of 4 bytes.
	//
	// A Ping and its Pong cost each side some 25 µs of processor time, and a silent
	// connection no goroutine, no timer and about 100 bytes. Proxies close connections on
	// which nothing comes for a while, many of them after 60 seconds: 20 to 30 seconds
	// keep such a connection open, and find a dead client in a minute. Actions may be late
	// by some 64th parts of Heartbeat, and are not taken more often than once in a
	// millisecond.
	Heartbeat time.Duration

	// MaxBacklog is how many bytes may wait for a client that takes them more slowly
	// than [Conn.Offer] accepts them. A longer message may wait alone. If zero,
	// 1 MiB is used. If negative, there is no limit.
	MaxBacklog int

	// WriteBuffer is the size of the socket's send buffer, in bytes, as SO_SNDBUF sets
	// it. If zero, the system's is used. The system takes what fits into its buffer
	// from a connection whose client does not read, some megabytes on Linux, before
	// anything counts as waiting.
	WriteBuffer int

	// Group is what the connections join when they open. They are members before New
	// returns and before Handler and Sessions call their function, and leave when they end. If it is full or shuts
	// down, a request is refused with 503 and a Retry-After. If nil, there is no group.
	Group *Group

	// Deflate holds the parameters of permessage-deflate (RFC 7692), which is
	// used if the client makes an offer that fits them. If nil, there is no
	// compression. Messages below a threshold, messages that would not shrink, and
	// fragments are sent as they are.
	//
	// With context takeover, which the zero value of [handshake.Deflate] asks for, a
	// message may refer to the 32 KiB before it, so that short messages shrink as
	// well. To receive, a connection then holds up to 32 KiB while it is open. If no
	// compressed message has come for 5 to 10 seconds, these are held compressed, JSON as
	// a fifth. To send, the connections that were used last
	// have a compressor of about a megabyte each, out of 32 MiB for the whole process;
	// a connection that has lost its compressor goes on with a fresh one. Without
	// takeover nothing is held between two messages:
	//
	//	&handshake.Deflate{ServerNoContextTakeover: true, ClientNoContextTakeover: true}
	//
	// Compression pays where the network is slower than the processor and messages are
	// text: JSON shrinks to a quarter or a fifth, for about ten microseconds of processor
	// time a KiB, in each direction, at the fastest level. It does not pay for data that
	// is compressed already, nor for small messages at high rates on a fast network. The
	// costs are in internal/bench/results/compression.md, and the agreements with foreign
	// clients and servers in the package comment of internal/interop. [Conn.SendPlain] is
	// for secrets.
	Deflate *handshake.Deflate
}

// handshake returns the part of o that the opening handshake needs.
func (o *Options) handshake() handshake.Server {
	return handshake.Server{
		Protocols:   o.Protocols,
		Origins:     o.Origins,
		CheckOrigin: o.CheckOrigin,
		Header:      o.Header,
		Deflate:     o.Deflate,
	}
}

// settings returns the part of o that connections need.
func (o *Options) settings() *endpoint.Settings {
	cfg := endpoint.Config{
		Role:          frame.Server,
		Masked:        o.SendMasked,
		MaxPayloadLen: o.MaxPayloadLen,
		MaxRecvLen:    o.MaxRecvLen,
		MaxSendLen:    o.MaxSendLen,
		MaxMessageLen: o.MaxMessageLen,
		Timeout:       o.Timeout,
		SendTimeout:   o.SendTimeout,
		NoDelay:       o.NoDelay,
		MaxBacklog:    o.MaxBacklog,
		Heartbeat:     o.Heartbeat,
	}
	return cfg.Settle()
}
