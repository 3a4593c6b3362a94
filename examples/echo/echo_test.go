package main

import (
	"bytes"
	"testing"

	"resty.websocket/frame"
)

// TestEcho sends frames in order on one connection. Messages in one frame come back as they
// are, control frames between them are answered, and so is the Close frame.
func TestEcho(t *testing.T) {
	eachWay(t, func(t *testing.T, flags ...string) {
		s := dial(t, start(t, command(t, flags...)), "/s")
		for _, c := range []struct {
			op      frame.Opcode
			payload []byte
			answer  frame.Opcode
		}{
			{frame.Text, []byte("Grüße"), frame.Text},
			{frame.Text, nil, frame.Text},
			{frame.Binary, []byte{0, 0xFF}, frame.Binary},
			{frame.Binary, bytes.Repeat([]byte{0xFF}, 65535), frame.Binary},
			{frame.Ping, []byte("payload"), frame.Pong},
		} {
			s.send(true, c.op, c.payload)
			s.expect(true, c.answer, c.payload)
		}
		s.send(true, frame.Pong, []byte("unasked")) // not answered
		goodbye := frame.AppendClose(nil, 4001, "")
		s.send(true, frame.Close, goodbye)
		s.expect(true, frame.Close, goodbye)
		s.ended()
	})
}

// TestEchoFragments has a message in fragments come back as the same ones.
func TestEchoFragments(t *testing.T) {
	s := dial(t, start(t, command(t, "-addr", free)), "/s")
	for _, c := range []struct {
		fin     bool
		op      frame.Opcode
		payload string
		answer  frame.Opcode
	}{
		{false, frame.Text, "Hel", frame.Text},
		{false, frame.Continuation, "", frame.Continuation},
		{true, frame.Ping, "in between", frame.Pong},
		{true, frame.Continuation, "lo", frame.Continuation},
	} {
		s.send(c.fin, c.op, []byte(c.payload))
		s.expect(c.fin, c.answer, []byte(c.payload))
	}
}

// TestEchoMessage has it come back as one frame.
func TestEchoMessage(t *testing.T) {
	s := dial(t, start(t, command(t, "-addr", free, "-sessions")), "/s")
	s.send(false, frame.Text, []byte("Hel"))
	s.send(false, frame.Continuation, nil)
	s.send(true, frame.Ping, []byte("in between"))
	s.expect(true, frame.Pong, []byte("in between"))
	s.send(true, frame.Continuation, []byte("lo"))
	s.expect(true, frame.Text, []byte("Hello"))
}

func TestCloseWithoutCode(t *testing.T) {
	eachWay(t, func(t *testing.T, flags ...string) {
		page := start(t, command(t, flags...))
		s := dial(t, page, "/s")
		s.send(true, frame.Close, nil)
		s.expect(true, frame.Close, nil)
		s.ended()
	})
}

func TestPayloadTooLong(t *testing.T) {
	eachWay(t, func(t *testing.T, flags ...string) {
		page := start(t, command(t, append(flags, "-max-payload-len", "10")...))
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
	})
}

func TestIdleClientIsPinged(t *testing.T) {
	eachWay(t, func(t *testing.T, flags ...string) {
		page := start(t, command(t, append(flags, "-timeout", "100ms")...))
		s := dial(t, page, "/s")
		for range 3 {
			ping, err := s.r.ReadFrame()
			if err != nil || ping.Opcode != frame.Ping {
				t.Fatalf("%v, %v, want a ping", ping, err)
			}
			s.send(true, frame.Pong, ping.Payload)
		}
	})
}

// TestSilentClientIsGivenUp does not answer the ping.
func TestSilentClientIsGivenUp(t *testing.T) {
	s := dial(t, start(t, command(t, "-addr", free, "-sessions", "-timeout", "100ms")), "/s")
	if ping, err := s.r.ReadFrame(); err != nil || ping.Opcode != frame.Ping {
		t.Fatalf("%v, %v, want a ping", ping, err)
	}
	s.ended()
}
