package client

import (
	"errors"
	"io"
	"net"
	"runtime"
	"testing"

	"resty.websocket/frame"
)

// The server refuses to go on, and is gone before the client has sent all that it
// wants to. The client receives the server's last message after the failed send.
func TestServersLastWords(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a reset loses what has arrived")
	}
	addr := listenTCP(t, accepting(t, func(nc net.Conn) {
		io.WriteString(nc, "\x81\x0epartial result\x89\x00\x88\x10\x0f\xa1quota exceeded")
		nc.Close()
	}))
	c := connect(t, "ws://"+addr, nil)
	var failed error
	for failed == nil {
		failed = c.SendString("more")
	}
	if c.Fatal() != nil {
		t.Errorf("Fatal: %v, want nil while there is something to receive", c.Fatal())
	}
	if data, typ, err := c.RecvMessage(); string(data) != "partial result" || typ != frame.Text || err != nil {
		t.Fatalf("RecvMessage = %q, %v, %v", data, typ, err)
	}
	_, _, err := c.RecvMessage()
	var closed *frame.CloseError
	if !errors.As(err, &closed) || closed.Code != 4001 || closed.Reason != "quota exceeded" || c.Fatal() != err {
		t.Errorf("RecvMessage: %v, Fatal: %v", err, c.Fatal())
	}
	if err := c.SendString("more"); err != failed {
		t.Errorf("SendString: %v, want %v", err, failed)
	}
}
