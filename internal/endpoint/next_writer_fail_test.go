package endpoint

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
)

func TestNextWriterRefuses(t *testing.T) {
	c, p := newPair(t, Config{})
	for _, op := range []frame.Opcode{frame.Continuation, frame.Ping, frame.Close, 3} {
		if _, err := c.NextWriter(op); !errors.Is(err, frame.ErrSendFrame) {
			t.Errorf("NextWriter(%v): %v", op, err)
		}
	}
	c.SendFrame(false, frame.Text, nil)
	if _, err := c.NextWriter(frame.Text); !errors.Is(err, frame.ErrSendFrame) {
		t.Errorf("NextWriter inside a message: %v", err)
	}
	c.SendFrame(true, frame.Continuation, nil)
	p.want(false, frame.Text, "")
	p.want(true, frame.Continuation, "")
	c.SendClose(1000, "")
	if _, err := c.NextWriter(frame.Text); !errors.Is(err, frame.ErrSendClosed) {
		t.Errorf("NextWriter after a Close frame: %v", err)
	}
	c.CloseNow()
	if _, err := c.NextWriter(frame.Text); !errors.Is(err, net.ErrClosed) {
		t.Errorf("NextWriter after CloseNow: %v", err)
	}
}

// TestWriterText cuts text at each byte, and continues it wrongly: nothing of that is
// sent.
func TestWriterText(t *testing.T) {
	const whole = "Grüße, 世界 \U0001F600"
	for _, flushes := range []bool{false, true} {
		for i := range len(whole) + 1 {
			c, p := newPair(t, Config{Deflate: takeover})
			w := nextWriter(t, c, frame.Text)
			write(t, w, whole[:i])
			if flushes {
				flush(w)
			}
			for _, wrong := range []string{"\xff", whole[i:] + "\xc3\x28", "\xed\xa0\x80"} {
				if n, err := io.WriteString(w, wrong); n != 0 || err != frame.ErrSendText {
					t.Fatalf("behind %d bytes: Write(%q) = %d, %v", i, wrong, n, err)
				}
			}
			write(t, w, whole[i:])
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			other := newOther(t, p, Config{Deflate: takeover})
			wantMessage(t, other, whole, frame.Text)
		}
	}
}

// TestWriterEndsInsideACharacter closes the message there, which ends the connection.
func TestWriterEndsInsideACharacter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, n := range []int{0, 20000} {
			c, p := newPair(t, Config{})
			w := nextWriter(t, c, frame.Text)
			write(t, w, strings.Repeat("x", n), "\xc3")
			for range 2 {
				if err := w.Close(); err != frame.ErrSendText {
					t.Errorf("Close: %v, want %v", err, frame.ErrSendText)
				}
			}
			if n > 0 {
				p.want(false, frame.Text, strings.Repeat("x", n))
			}
			p.wantClose(frame.StatusInternalError)
			if err := c.SendString("more"); !errors.Is(err, frame.ErrSendClosed) {
				t.Errorf("SendString: %v", err)
			}
			// The peer's last message is received, and the connection ends without its answer.
			p.send(true, frame.Text, "last")
			wantMessage(t, c, "last", frame.Text)
			start := time.Now()
			if _, _, err := c.RecvMessage(); !errors.Is(err, net.ErrClosed) || time.Since(start) != closeTimeout {
				t.Errorf("RecvMessage: %v after %v", err, time.Since(start))
			}
		}
	})
}

func TestWriterAfterClose(t *testing.T) {
	c, p := newPair(t, Config{})
	w := nextWriter(t, c, frame.Text)
	write(t, w, "text")
	for range 2 {
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	second := nextWriter(t, c, frame.Binary)
	if n, err := w.Write([]byte("more")); n != 0 || err != errWriterClosed {
		t.Errorf("Write = %d, %v", n, err)
	}
	if err := flush(w); err != errWriterClosed {
		t.Errorf("Flush: %v", err)
	}
	w.Close()
	write(t, second, "second")
	second.Close()
	p.want(true, frame.Text, "text")
	p.want(true, frame.Binary, "second")
}

// TestWriterTimeout has Writes and Close time out before it is their turn. The message
// goes on where it was.
func TestWriterTimeout(t *testing.T) {
	for _, d := range []*handshake.Deflate{nil, takeover} {
		synctest.Test(t, func(t *testing.T) {
			c, p := newPair(t, Config{Timeout: time.Second, NoDelay: true, Deflate: d})
			other := newOther(t, p, Config{Deflate: d})
			message := mixed(200_000)
			w := nextWriter(t, c, frame.Text)
			busy := func(on bool) {
				c.send.mu.Lock()
				defer c.send.mu.Unlock()
				if c.send.busy = true; !on {
					c.send.endTurn()
				}
			}
			busy(true)
			timeouts := 0
			for rest := []byte(message); len(rest) > 0; {
				n, err := w.Write(rest[:min(len(rest), 50_000)])
				rest = rest[n:]
				if err == os.ErrDeadlineExceeded {
					timeouts++
					busy(false)
					defer busy(true)
				} else if err != nil {
					t.Fatal(err)
				} else if n == 50_000 {
					busy(true)
				}
			}
			busy(true)
			if err := w.Close(); err != os.ErrDeadlineExceeded {
				t.Errorf("Close: %v, want a timeout", err)
			}
			if _, err := w.Write([]byte("more")); err != errWriterClosed {
				t.Errorf("Write after that: %v", err)
			}
			busy(false)
			if err := w.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
			wantRead(t, other, message, frame.Text)
			if timeouts == 0 {
				t.Error("no Write has timed out")
			}
		})
	}
}

// TestWriterFails has a peer that takes nothing. The write's error is that of all further
// calls.
func TestWriterFails(t *testing.T) {
	for _, d := range []*handshake.Deflate{nil, takeover} {
		synctest.Test(t, func(t *testing.T) {
			c, p := newPair(t, Config{Timeout: time.Second, Deflate: d})
			p.stopReading()
			w := nextWriter(t, c, frame.Binary)
			noise := make([]byte, 10_000)
			for i := range noise {
				noise[i] = byte(i * i >> 3)
			}
			var err error
			for err == nil {
				_, err = w.Write(noise)
			}
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("Write: %v, want a timeout", err)
			}
			if _, again := w.Write(nil); again != err {
				t.Errorf("Write again: %v, want %v", again, err)
			}
			if again := w.Close(); again != err {
				t.Errorf("Close: %v, want %v", again, err)
			}
			if again := c.SendString("x"); again != err {
				t.Errorf("SendString: %v, want %v", again, err)
			}
		})
	}
}
