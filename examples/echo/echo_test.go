package main

import (
	"bytes"
	"testing"

	"resty.websocket/frame"
)

// TestEcho sends frames in order on one connection. Data frames come back as
// they are.
func TestEcho(t *testing.T) {
	page := start(t, command(t, "-addr", free))
	s := dial(t, page, "/s")
	for _, c := range []struct {
		fin     bool
		op      frame.Opcode
		payload []byte
		answer  frame.Opcode
	}{
		{true, frame.Text, []byte("Grüße"), frame.Text},
		{true, frame.Text, nil, frame.Text},
		{true, frame.Binary, []byte{0, 0xFF}, frame.Binary},
		{true, frame.Binary, bytes.Repeat([]byte{0xFF}, 65535), frame.Binary},
		{true, frame.Ping, []byte("payload"), frame.Pong},
		{false, frame.Text, []byte("Hel"), frame.Text},
		{false, frame.Continuation, nil, frame.Continuation},
		{true, frame.Ping, []byte("in between"), frame.Pong},
		{true, frame.Continuation, []byte("lo"), frame.Continuation},
	} {
		s.send(c.fin, c.op, c.payload)
		s.expect(c.fin, c.answer, c.payload)
	}
	s.send(true, frame.Pong, []byte("unasked")) // logged, not answered
	reply := frame.AppendClose(nil, 4001, "tschüß")
	s.send(true, frame.Close, reply)
	s.expect(true, frame.Close, reply)
	s.ended()
}

func TestCloseWithoutCode(t *testing.T) {
	page := start(t, command(t, "-addr", free))
	s := dial(t, page, "/s")
	s.send(true, frame.Close, nil)
	s.expect(true, frame.Close, nil)
	s.ended()
}

func TestPayloadTooLong(t *testing.T) {
	page := start(t, command(t, "-addr", free, "-max-payload-len", "10"))
	s := dial(t, page, "/s")
	s.send(true, frame.Text, []byte("0123456789"))
	s.expect(true, frame.Text, []byte("0123456789"))
	s.send(true, frame.Text, []byte("0123456789+"))
	f, err := s.r.ReadFrame()
	if err != nil {
		t.Fatal(err)
	}
	if code, _, _ := frame.ParseClose(f.Payload); f.Opcode != frame.Close || code != frame.StatusMessageTooBig {
		t.Errorf("%v %q, want 1009", f.Opcode, f.Payload)
	}
}

func TestIdleClientIsPinged(t *testing.T) {
	page := start(t, command(t, "-addr", free, "-timeout", "100ms"))
	s := dial(t, page, "/s")
	s.expect(true, frame.Ping, nil)
	s.send(true, frame.Pong, nil)
	s.expect(true, frame.Ping, nil)
}
