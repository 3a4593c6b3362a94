package client

import (
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// The server's frame on an idle connection is answered before the connection is
// closed (RFC 6455, Sections 5.5.1 and 5.5.2).
func TestPoolAnswersWhileIdle(t *testing.T) {
	for _, tt := range []struct {
		name, sent string
		op         frame.Opcode
		payload    string
	}{
		{"5.5.1/close", "\x88\x02\x03\xe9", frame.Close, "\x03\xe9"},
		{"5.5.1/close_without_code", "\x88\x00", frame.Close, ""},
		{"5.5.2/ping", "\x89\x02hi", frame.Pong, "hi"},
		{"5.1/masked", "\x81\x80\x01\x02\x03\x04", frame.Close, "\x03\xea"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ours, theirs := wiretest.Pipe()
				u, p := newUpstream(t), new(Pool)
				u.opts.Dial = dialed(ours)
				go func() { io.WriteString(theirs, switchingProtocols(readRequest(t, theirs))) }()
				put(t, p, u.get(p))
				synctest.Wait()
				io.WriteString(theirs, tt.sent)
				f, err := frame.NewReader(theirs, frame.Server, 0).ReadFrame()
				if err != nil || f.Opcode != tt.op || len(f.Payload) < len(tt.payload) || string(f.Payload[:len(tt.payload)]) != tt.payload {
					t.Errorf("answered with %v %q, %v", f.Opcode, f.Payload, err)
				}
				theirs.Close()
				p.Close()
			})
		})
	}
}

// Put does not wait for a server that does not read.
func TestPoolPutNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), new(Pool)
		ours, theirs := wiretest.Pipe()
		u.opts.Dial = dialed(ours)
		go func() { io.WriteString(theirs, switchingProtocols(readRequest(t, theirs))) }()
		c := u.get(p)
		io.WriteString(theirs, "\x81\x02hi\x81\x02ho")
		if _, _, err := c.RecvFrame(); err != nil {
			t.Fatal(err)
		}
		ours.SetWriteBuffer(0)
		if err := c.SendString("held back"); err != nil {
			t.Fatal(err)
		}
		within(t, 0, "Put", func() { p.Put(c) })
		theirs.Close()
		within(t, 5*time.Second, "Close", func() { p.Close() })
	})
}

// Close ends a connection that Put has refused, though it has no deadlines.
func TestPoolClosesRefusedWithoutDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), new(Pool)
		ours, theirs := wiretest.Pipe() // the server is silent
		u.opts.Dial = dialed(wiretest.NoDeadlines{Conn: ours})
		go func() { io.WriteString(theirs, switchingProtocols(readRequest(t, theirs))) }()
		c := u.get(p)
		c.SendFrame(false, frame.Text, nil)
		if p.Put(c) == nil {
			t.Error("kept with an unfinished message")
		}
		within(t, 5*time.Second, "Close", func() { p.Close() })
	})
}

// dialed returns a Dial that returns nc.
func dialed(nc net.Conn) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) { return nc, nil }
}
