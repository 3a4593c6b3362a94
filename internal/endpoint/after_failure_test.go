package endpoint

import (
	"bytes"
	"io"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// TestNothingIsWrittenAfterFailedSend has Pings and a Close frame arrive when a send has
// failed, perhaps inside a frame. Nothing is written behind that, and nothing tries to.
func TestNothingIsWrittenAfterFailedSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		p.own.ScriptWrites(wiretest.Step{N: 3, Err: syscall.EPIPE})
		if err := c.SendString("cut"); err == nil {
			t.Fatal("SendString: nil")
		}
		for _, text := range []string{"one", "two"} {
			p.send(true, frame.Ping, text)
			p.send(true, frame.Text, text)
			wantMessage(t, c, text, frame.Text)
			synctest.Wait() // which has no end if a goroutine tries for ever
		}
		p.sendClose(4000, "")
		_, _, err := c.RecvMessage()
		wantClosed(t, err, 4000, "")
		synctest.Wait()
		c.Close(frame.StatusNormalClosure)
		p.wantWrites(1)
	})
}

// TestNothingIsWrittenAfterTimeout is the same for sockets, which take no more than the
// beginning of a frame in time, and more of it later.
func TestNothingIsWrittenAfterTimeout(t *testing.T) {
	for _, transport := range transports {
		if transport.name == "memory" || transport.name == "net.Pipe" {
			continue
		}
		t.Run(transport.name, func(t *testing.T) {
			c, p := transport.pair(t, Config{SendTimeout: 5 * time.Millisecond, MaxPayloadLen: -1})
			if err := c.SendFrame(true, frame.Binary, bytes.Repeat([]byte("x"), 32<<20)); err == nil {
				t.Fatal("SendFrame: nil")
			}
			read := make(chan []byte)
			go func() {
				all, _ := io.ReadAll(p.in)
				read <- all
			}()
			for range 100 {
				p.send(true, frame.Ping, "ping")
			}
			p.send(true, frame.Text, "text")
			wantMessage(t, c, "text", frame.Text)
			c.CloseNow()
			if all := <-read; len(all) > 10 && strings.Trim(string(all[10:]), "x") != "" {
				t.Errorf("after %d bytes of a frame comes % .20x", len(all), strings.TrimLeft(string(all[10:]), "x"))
			}
		})
	}
}
