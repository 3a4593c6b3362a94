package client

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
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
	// NextReader. If negative, there is no limit. If the server exceeds the limit, it is
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
	// is no limit. A server that exceeds it is sent a Close frame with 1009. A
	// message has at most 131072 fragments in any case. NextReader takes messages of any
	// length and any number of fragments, unless MaxMessageLen is set.
	MaxMessageLen int

	// SendUnmasked sends frames without a mask. RFC 6455, Section 5.1, forbids
	// that to a client, and servers close the connection for it. It is here for
	// tests of servers.
	SendUnmasked bool

	// Timeout bounds each call that receives, and each call that sends, as a whole. If
	// zero or negative, there is no bound. A Close frame that the caller has not asked
	// for may take a second even so. The connection underneath must have deadlines:
	// without them, Timeout has no effect. Connect is bounded by its context alone.
	Timeout time.Duration

	// SendTimeout is Timeout for calls that send. If zero or negative, Timeout is used.
	SendTimeout time.Duration

	// KeepAlive sets TCP keepalive, by which the system notices that a server is
	// gone without having closed the connection. The zero value leaves the socket
	// as it was dialled, which is Go's default of 15s:15s:9 unless Dial is set. To
	// turn keepalive off, set Idle to -1 and leave Enable false.
	KeepAlive net.KeepAliveConfig

	// Protocols are the subprotocols to offer, most preferred first. The server
	// chooses one of them, or none; see [Conn.Protocol]. A server of
	// lua-resty-websocket answers with the whole list, which is refused unless
	// only one is offered. An empty Sec-WebSocket-Protocol in the answer is
	// refused too (RFC 6455, Section 4.3).
	Protocols []string

	// Origin is the value of the Origin header field. If empty, none is sent,
	// which is right for a client that is not a browser (RFC 6455, Section 4.1).
	Origin string

	// Header has further header fields for the request, such as Cookie. An
	// Authorization here takes the place of the URL's user information. The
	// User-Agent is "resty.websocket" unless Header has another; if Header's is
	// empty, none is sent. The handshake's own header fields are refused: Host,
	// Origin and Key have options of their own.
	Header http.Header

	// Host is the value of the Host header field: a name or an IP address, and a
	// port where one is needed. If empty, it is the URL's host, and its port
	// unless that is the default. For a Unix socket it is "localhost".
	Host string

	// Key is the value of the Sec-WebSocket-Key header field: 16 bytes in
	// base64. If empty, a random one is made, as RFC 6455, Section 4.1, demands.
	// Only tests should set it.
	Key string

	// TLSConfig is for wss. If nil, the server's certificate is verified with
	// the system's roots. If its ServerName is empty, Host without its port is
	// used, or the URL's host if Host is empty. Its NextProtos are not used: the
	// protocol is HTTP/1.1. Connect uses a copy.
	//
	// The certificate of an https proxy is verified with the same RootCAs. No
	// other field is used for a proxy.
	TLSConfig *tls.Config

	// Dial makes the connection underneath. The network is "tcp" and the address a
	// host and port, the proxy's if there is one; or the network is "unix" and the
	// address a path. Connect adds TLS and the handshake. Dial must return when its
	// context is done. If nil, a [net.Dialer] is used. [DialHandler] returns one for tests.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	// Proxy returns the URL of the proxy for a request, or nil for none. The
	// request's URL is http for ws, and https for wss. The proxy's scheme is http,
	// https, socks5 or socks5h, and its user information is sent as credentials.
	// The proxy resolves the server's name. If nil, [http.ProxyFromEnvironment] is
	// used. Unix sockets have no proxy.
	Proxy func(*http.Request) (*url.URL, error)

	// NoDelay makes each Send method write its frame at once and return when the
	// system has it. If false, frames that are sent close together leave together;
	// see the package comment.
	NoDelay bool

	// Heartbeat is for how long the server may be silent. A server from which not a byte
	// has come for so long is sent a Ping (RFC 6455, Section 5.5.2). If nothing comes for
	// as long again, the connection ends with [ErrPeerSilent]. If zero or negative, there
	// is no heartbeat.
	//
	// Any bytes of the server end its silence, not Pongs alone. Silence counts only while a
	// goroutine receives: a program that does something else cannot blame the server.
	// RecvMessage drops the Pongs, and RecvFrame returns them, with payloads of 4 bytes.
	// While a connection is idle in a [Pool], it is sent no Pings.
	//
	// A Ping and its Pong cost each side some 25 µs of processor time, and a silent
	// connection no goroutine, no timer and about 100 bytes. Proxies close connections on
	// which nothing comes for a while, many of them after 60 seconds: 20 to 30 seconds
	// keep such a connection open, and find a dead server in a minute. Actions may be late
	// by some 64th parts of Heartbeat, and are not taken more often than once in a
	// millisecond.
	Heartbeat time.Duration

	// MaxBacklog is how many bytes may wait for a server that takes them more slowly
	// than [Conn.Offer] accepts them. A longer message may wait alone. If zero,
	// 1 MiB is used. If negative, there is no limit.
	MaxBacklog int

	// WriteBuffer is the size of the socket's send buffer, in bytes, as SO_SNDBUF sets
	// it. If zero, the system's is used. The system takes what fits into its buffer
	// from a connection whose server does not read, some megabytes on Linux, before
	// anything counts as waiting.
	WriteBuffer int

	// Deflate holds the parameters of permessage-deflate (RFC 7692), which is
	// offered to the server and used if it accepts. If nil, there is no
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
	// takeover nothing is held between two messages.
	Deflate *handshake.Deflate
}

// handshake returns the part of o that the opening handshake needs.
func (o *Options) handshake() *handshake.Client {
	return &handshake.Client{
		Protocols: o.Protocols,
		Origin:    o.Origin,
		Header:    o.Header,
		Host:      o.Host,
		Key:       o.Key,
		Deflate:   o.Deflate,
	}
}

// endpoint returns the part of o that the connection needs.
func (o *Options) endpoint() endpoint.Config {
	return endpoint.Config{
		Role:          frame.Client,
		Masked:        !o.SendUnmasked,
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
}
