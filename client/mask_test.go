package client

import (
	"bytes"
	"io"
	"net"
	"testing"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// Section 10.3: a caller that changes its bytes while a frame is being sent does not
// change the bytes on the wire; otherwise a page could choose its bytes by a mask
// that it has seen. The frame is too long for the buffers of TCP.
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
