package server_test

import (
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/server"
)

// A server that pings each client that was silent for Timeout, and gives one up that
// does not answer, is tested in a bubble: without a port, and without waiting.
func TestTimeoutInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = time.Minute
		var gaveUp time.Time
		h := server.Handler(&server.Options{Timeout: timeout}, func(wb *server.Conn) {
			for waiting := false; ; {
				_, typ, err := wb.RecvFrame()
				switch {
				case errors.Is(err, os.ErrDeadlineExceeded) && waiting:
					gaveUp = time.Now()
					wb.CloseNow()
					return
				case errors.Is(err, os.ErrDeadlineExceeded):
					waiting = true
					err = wb.SendPing(nil)
				case typ == frame.Pong:
					waiting = false
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
		wb, _, err := client.Connect(t.Context(), "ws://server.example/", &client.Options{Dial: client.DialHandler(h)})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		for range 3 {
			if _, typ, err := wb.RecvFrame(); typ != frame.Ping || err != nil {
				t.Fatalf("received %v, %v, want a ping", typ, err)
			}
			if err := wb.SendPong(nil); err != nil {
				t.Fatal(err)
			}
		}
		for err == nil {
			_, _, err = wb.RecvFrame() // and no answer
		}
		if took := gaveUp.Sub(start); took != 5*timeout {
			t.Errorf("given up after %v with %v, want %v", took, err, 5*timeout)
		}
		wb.CloseNow()
	})
}
