package client

import (
	"bytes"
	"io"
	"net"
	"testing"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// Section 10.3: once a frame has begun to leave, what the caller does to its
// bytes does not show on the wire, or a page could see the mask and make use of
// it. The frame is longer than what fits into the buffers of TCP.
func TestSendFrozen(t *testing.T) {
	wiretest.NoLeaks(t)
	p := bytes.Repeat([]byte("a"), 8<<20)
	want := bytes.Clone(p)
	addr := listenTCP(t, accepting(t, func(nc net.Conn) {
		first := make([]byte, 1)
		if _, err := io.ReadFull(nc, first); err != nil {
			t.Error(err)
		}
		copy(p, bytes.Repeat([]byte("b"), len(p)))
		f, err := frame.NewReader(io.MultiReader(bytes.NewReader(first), nc), frame.Server, -1).ReadFrame()
		if err != nil || !bytes.Equal(f.Payload, want) {
			t.Errorf("arrived as %.10q to %.10q, %v", f.Payload, f.Payload[max(0, len(f.Payload)-10):], err)
		}
	}))
	c := connect(t, "ws://"+addr, &Options{MaxPayloadLen: -1})
	if err := c.SendBinary(p); err != nil {
		t.Error(err)
	}
	c.CloseNow()
}
