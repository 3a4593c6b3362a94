package server

import (
	"errors"
	"io"
	"net"
	"runtime"
	"testing"

	"resty.websocket/frame"
)

// TestClientsLastWords has a client say something and leave before the handler's
// first send. The handler receives the client's last message after the failed send.
func TestClientsLastWords(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a reset loses what has arrived")
	}
	for _, recv := range []struct {
		name string
		recv func(c *Conn) ([]byte, frame.Opcode, error)
	}{
		{"RecvFrame", (*Conn).RecvFrame},
		{"RecvMessage", (*Conn).RecvMessage},
	} {
		t.Run("7.1.6/"+recv.name, func(t *testing.T) {
			eachPair(t, nil, func(t *testing.T, c *Conn, nc *net.TCPConn) {
				io.WriteString(nc, sent(true, frame.Text, "save this")+sent(true, frame.Close, "\x0f\xa1done"))
				nc.Close()
				failed := sendUntilError(c)
				if failed == nil || c.Fatal() != nil {
					t.Fatalf("SendBinary: %v, Fatal: %v", failed, c.Fatal())
				}
				if data, typ, err := recv.recv(c); string(data) != "save this" || typ != frame.Text || err != nil {
					t.Fatalf("%s = %q, %v, %v", recv.name, data, typ, err)
				}
				_, _, err := recv.recv(c)
				var closed *frame.CloseError
				if !errors.As(err, &closed) || closed.Code != 4001 || closed.Reason != "done" || c.Fatal() != err {
					t.Errorf("%s: %v, Fatal: %v", recv.name, err, c.Fatal())
				}
				if again := c.SendPing(nil); again != failed {
					t.Errorf("SendPing: %v, want %v", again, failed)
				}
			})
		})
	}
}
