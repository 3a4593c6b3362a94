package client

import (
	"io"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// TestPoolHeartbeat has a server answer a Ping when the connection is idle already, and
// be quiet for a long time. The connection is used again, and has its heartbeat then.
func TestPoolHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := wiretest.Pipe()
		u, p := newUpstream(t), &Pool{IdleTimeout: time.Hour}
		u.opts.Dial = dialed(ours)
		u.opts.Heartbeat = time.Second
		go func() { io.WriteString(theirs, switchingProtocols(readRequest(t, theirs))) }()
		c := u.get(p)
		go func() {
			<-time.After(1500 * time.Millisecond)
			io.WriteString(theirs, "\x81\x02hi")
		}()
		if _, _, err := c.RecvMessage(); err != nil {
			t.Fatal(err)
		}
		put(t, p, c)
		in := frame.NewReader(theirs, frame.Server, 0)
		ping, err := in.ReadFrame()
		if err != nil || ping.Opcode != frame.Ping {
			t.Fatalf("the server receives %v, %v, want a Ping", ping.Opcode, err)
		}
		frame.NewWriter(theirs, frame.Server, 0).WriteFrame(true, frame.Pong, ping.Payload)
		before := ours.Writes()
		<-time.After(time.Minute)
		if n := ours.Writes() - before; n > 0 {
			t.Errorf("%d writes while idle", n)
		}
		again := u.get(p)
		if again.ReusedTimes() != 1 || again.Latency() == 0 {
			t.Errorf("used again %d times, Latency() = %v", again.ReusedTimes(), again.Latency())
		}
		start := time.Now()
		if _, _, err := again.RecvMessage(); err != ErrPeerSilent || time.Since(start) < 2*time.Second {
			t.Errorf("received %v after %v, want %v after 2 s", err, time.Since(start), ErrPeerSilent)
		}
		theirs.Close()
		p.Put(again)
		p.Close()
	})
}
