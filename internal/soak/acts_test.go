package soak

import (
	cryptorand "crypto/rand"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"time"

	"resty.websocket/frame"
)

// An act is something that a hostile peer does on one connection.
type act struct {
	name      string
	handshake bool // after it
	do        func(*peer)
	answers   []frame.StatusCode // one of which must be in the Close frame that comes back; none: the peer does not look
}

var (
	protocolError = []frame.StatusCode{frame.StatusProtocolError}
	invalid       = []frame.StatusCode{frame.StatusInvalidFramePayloadData}
	tooBig        = []frame.StatusCode{frame.StatusMessageTooBig}
	normal        = []frame.StatusCode{frame.StatusNormalClosure}
)

// These bytes are sent again and again, and made once: the machine is the server's.
var (
	emptyFragments = slices.Repeat([]byte{0x00, 0x80, 1, 2, 3, 4}, 20_000)
	emptyPings     = slices.Repeat([]byte{0x89, 0x80, 1, 2, 3, 4}, 200)
	emptyPongs     = slices.Repeat([]byte{0x8A, 0x80, 1, 2, 3, 4}, 1000)
	emptyTexts     = slices.Repeat([]byte{0x81, 0x80, 1, 2, 3, 4}, 1000)
	large          = masked(frame.Header{Fin: true, Opcode: frame.Binary}, strings.Repeat("a", 60_000))
	largeFragment  = masked(frame.Header{Fin: true, Opcode: frame.Continuation}, strings.Repeat("a", 60_000))
)

var acts = []act{
	{"half a request, then silence", false, func(p *peer) {
		p.send([]byte("GET / HTTP/1.1\r\nHost: a\r\nUpgr")...)
		p.pause(2 * patience)
	}, nil},
	{"garbage for a request", false, func(p *peer) {
		p.send(p.noise(2000)...)
		io.Copy(io.Discard, p.nc)
	}, nil},
	{"garbage", true, func(p *peer) {
		p.send(p.noise(4000)...)
	}, nil},
	{"unmasked frame", true, func(p *peer) {
		p.send(0x81, 0x02, 'h', 'i')
	}, protocolError},
	{"reserved bit", true, func(p *peer) {
		p.sendFrame(frame.Header{Fin: true, RSV1: true, Opcode: frame.Text}, "a")
	}, protocolError},
	{"reserved opcode", true, func(p *peer) {
		p.sendFrame(frame.Header{Fin: true, Opcode: 0xB}, "a")
	}, protocolError},
	{"length in a long form", true, func(p *peer) {
		p.send(0x82, 0xFE, 0x00, 0x01, 1, 2, 3, 4)
	}, protocolError},
	{"huge length", true, func(p *peer) {
		p.send(0x82, 0xFF, 0x3F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4)
	}, tooBig},
	{"length of the limit, then silence", true, func(p *peer) {
		p.send(append(binary.BigEndian.AppendUint64([]byte{0x82, 0xFF}, maxPayload), 1, 2, 3, 4, 5)...)
		p.pause(2 * patience)
	}, nil},
	{"half a header, then silence", true, func(p *peer) {
		p.send(0x82, 0xFE, 0x01)
		p.pause(2 * patience)
	}, nil},
	{"half a frame, then a reset", true, func(p *peer) {
		p.send(0x82, 0x85, 1, 2, 3, 4, 5, 6)
		p.tcp.SetLinger(0)
	}, nil},
	{"text that is not UTF-8, in a frame that goes on", true, func(p *peer) {
		p.send(0x81, 0xFE, 0x01, 0x00, 0, 0, 0, 0, 'a', 0xFF)
	}, invalid},
	{"text that is not UTF-8, over two fragments", true, func(p *peer) {
		p.sendFrame(frame.Header{Opcode: frame.Text}, "\xED")
		p.sendFrame(frame.Header{Fin: true, Opcode: frame.Ping}, "")
		p.sendFrame(frame.Header{Opcode: frame.Continuation}, "\xA0")
	}, invalid},
	{"fragments without an end", true, func(p *peer) {
		p.sendFrame(frame.Header{Opcode: frame.Binary}, strings.Repeat("a", 1000))
		for range 20 {
			p.sendFrame(frame.Header{Opcode: frame.Continuation}, strings.Repeat("a", 1000))
			p.pause(100 * time.Millisecond)
		}
	}, nil},
	{"empty fragments", true, func(p *peer) {
		p.sendFrame(frame.Header{Opcode: frame.Binary}, "")
		p.send(emptyFragments...)
	}, nil},
	{"message inside a message", true, func(p *peer) {
		p.sendFrame(frame.Header{Opcode: frame.Text}, "a")
		p.sendFrame(frame.Header{Fin: true, Opcode: frame.Text}, "b")
	}, protocolError},
	{"flood of pings, half of the answers read", true, func(p *peer) {
		for range 10 {
			p.send(emptyPings...)
			io.CopyN(io.Discard, p.nc, 200)
			p.pause(100 * time.Millisecond)
		}
	}, nil},
	{"flood of pings, no answer read", true, func(p *peer) {
		for range 50 {
			p.send(emptyPings...)
			p.pause(20 * time.Millisecond)
		}
	}, nil},
	{"pongs that nobody asked for", true, func(p *peer) {
		p.send(emptyPongs...)
		p.sendFrame(frame.Header{Fin: true, Opcode: frame.Close}, "\x03\xe8")
	}, normal},
	{"large messages, no echo read", true, func(p *peer) {
		p.tcp.SetReadBuffer(4096)
		for range 20 {
			p.send(large...)
			p.pause(100 * time.Millisecond)
		}
		p.pause(2 * patience)
	}, nil},
	{"half-close inside a frame", true, func(p *peer) {
		p.send(0x82, 0x85, 1, 2, 3, 4, 5)
		p.tcp.CloseWrite()
		io.Copy(io.Discard, p.nc)
	}, nil},
	{"frames after a Close", true, func(p *peer) {
		p.sendFrame(frame.Header{Fin: true, Opcode: frame.Close}, "\x03\xe8")
		p.send(emptyTexts...)
	}, normal},
	{"half a code", true, func(p *peer) {
		p.sendFrame(frame.Header{Fin: true, Opcode: frame.Close}, "\x03")
	}, protocolError},
	{"a broken rule, while a large frame is under way", true, func(p *peer) {
		p.send(largeFragment...)
		p.send(p.noise(60_000)...)
	}, protocolError},
}

// noise returns up to n random bytes.
func (p *peer) noise(n int) []byte {
	b := make([]byte, 1+p.random.IntN(n))
	cryptorand.Read(b)
	return b
}
