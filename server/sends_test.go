package server_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/server"
)

// A sending is what both sides' connections send and receive with.
type sending interface {
	SendText(p []byte) error
	SendString(s string) error
	SendBinary(p []byte) error
	SendMessage(op frame.Opcode, p []byte) error
	SendContinue(p []byte) error
	SendPing(p []byte) error
	SendPong(p []byte) error
	SendPlain(op frame.Opcode, p []byte) error
	SendFrame(fin bool, op frame.Opcode, p []byte) error
	SendClose(code frame.StatusCode, reason string) error
	RecvFrame() (data []byte, typ frame.Opcode, err error)
}

// sends are all ways to send, in an order in which each of them is allowed.
var sends = []struct {
	name string
	send func(c sending, p []byte) error
	typ  frame.Opcode
	err  error // of RecvFrame
}{
	{"SendText", sending.SendText, frame.Text, nil},
	{"SendString", func(c sending, p []byte) error { return c.SendString(string(p)) }, frame.Text, nil},
	{"SendBinary", sending.SendBinary, frame.Binary, nil},
	{"SendMessage", func(c sending, p []byte) error { return c.SendMessage(frame.Text, p) }, frame.Text, nil},
	{"SendPing", sending.SendPing, frame.Ping, nil},
	{"SendPong", sending.SendPong, frame.Pong, nil},
	{"SendPlain", func(c sending, p []byte) error { return c.SendPlain(frame.Binary, p) }, frame.Binary, nil},
	{"SendFrame", func(c sending, p []byte) error { return c.SendFrame(false, frame.Text, p) }, frame.Text, server.ErrAgain},
	{"SendFrame_that_continues", func(c sending, p []byte) error { return c.SendFrame(false, frame.Continuation, p) }, frame.Continuation, server.ErrAgain},
	{"SendPing_between_fragments", sending.SendPing, frame.Ping, nil},
	{"SendContinue", sending.SendContinue, frame.Continuation, nil},
	{"SendText_after_fragments", sending.SendText, frame.Text, nil},
	{"SendClose", func(c sending, p []byte) error { return c.SendClose(4000, string(p)) }, frame.Close, &frame.CloseError{Code: 4000}},
}

// TestSends has each side send in all ways to the other.
func TestSends(t *testing.T) {
	conns := make(chan *server.Conn)
	s := httptest.NewServer(server.Handler(nil, func(c *server.Conn) {
		conns <- c
		<-conns
	}))
	defer s.Close()
	for _, from := range []string{"server", "client"} {
		t.Run(from, func(t *testing.T) {
			c, _, err := client.Connect(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http"), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer c.CloseNow()
			other := <-conns
			defer func() { conns <- other }()
			var a, b sending = other, c
			if from == "client" {
				a, b = c, other
			}
			for _, test := range sends {
				if err := test.send(a, []byte(test.name)); err != nil {
					t.Fatalf("%s: %v", test.name, err)
				}
				data, typ, err := b.RecvFrame()
				var closed *frame.CloseError
				if errors.As(err, &closed) && closed.Code == 4000 && typ == frame.Close {
					err = test.err
				}
				if string(data) != test.name || typ != test.typ || err != test.err {
					t.Errorf("%s arrives as %q, %v, %v", test.name, data, typ, err)
				}
			}
		})
	}
}
