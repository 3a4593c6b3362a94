package differential

import (
	"bytes"
	"slices"
	"testing"
	"testing/iotest"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// padding completes every header and every control frame that the stream ends
// in, so that no decoder can wait for the rest of it while another has seen
// enough to refuse it.
var padding = make([]byte, 14+125)

// check gives stream to all decoders.
func check(t *testing.T, role frame.Role, stream []byte) {
	t.Helper()
	stream = append(slices.Clip(stream), padding...)
	ours := decodeOurs(bytes.NewReader(stream), role)
	piecemeal := decodeOurs(iotest.OneByteReader(bytes.NewReader(stream)), role)
	for _, found := range []string{
		compare("byte by byte", ours, piecemeal),
		compare(gobwas, ours, decodeGobwas(stream, role)),
		compare(gorilla, ours.messages(), decodeGorilla(stream, role)),
	} {
		if found != "" {
			t.Errorf("%v: %s\nstream: %x", role, found, stream)
		}
	}
}

// roleOf makes a role of a fuzzer's choice.
func roleOf(client bool) frame.Role {
	if client {
		return frame.Client
	}
	return frame.Server
}

// FuzzBytes gives any bytes to all decoders.
func FuzzBytes(f *testing.F) {
	for _, v := range wiretest.Vectors(f) {
		if !v.RSV1 && len(v.Bytes) < 1<<16 {
			f.Add(v.Receiver == frame.Client.String(), v.Bytes)
		}
	}
	f.Fuzz(func(t *testing.T, client bool, stream []byte) {
		check(t, roleOf(client), stream)
	})
}

// FuzzFrames gives frames to all decoders, most of which are good.
func FuzzFrames(f *testing.F) {
	const hello = "\x81\x05\x00Hello" // FIN, text; length; no fault; payload
	for fault := range byte(10) {
		for first := range byte(6) {
			f.Add(fault&1 == 0, []byte{1, 2, 0, 'h', 'i', first, 3, fault, 0x03, 0xe8, 'z', 0x80, 0, 0})
			f.Add(fault&1 == 1, append([]byte(hello), 0x80|first, 3, fault, 0x0b, 0xb8, 0xff))
		}
	}
	f.Fuzz(func(t *testing.T, client bool, p []byte) {
		role := roleOf(client)
		check(t, role, program(p).stream(role))
	})
}
