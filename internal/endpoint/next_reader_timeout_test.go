package endpoint

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// TestReaderTimeout has Read time out at every byte of two messages, one of which is
// compressed.
func TestReaderTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Timeout: time.Second, Deflate: noTakeover})
		b := bytes.Join([][]byte{
			p.frame(false, frame.Text, "one "),
			p.frame(true, frame.Ping, "still there?"),
			p.frame(true, frame.Continuation, "message"),
			p.compressed(false, frame.Text, helloFixed[:4]),
			p.frame(true, frame.Continuation, helloFixed[4:]),
		}, nil)
		var r io.Reader
		var got []string
		message, buf := "", make([]byte, 100)
		for i := 0; i < len(b); {
			start, n := time.Now(), 0
			var err error
			if r == nil {
				_, r, err = c.NextReader()
			} else {
				n, err = r.Read(buf)
			}
			message += string(buf[:n])
			switch {
			case err == os.ErrDeadlineExceeded:
				if took := time.Since(start); took != time.Second || c.Fatal() != nil || n != 0 {
					t.Fatalf("after %d bytes: a timeout in %v, Fatal %v", i, took, c.Fatal())
				}
				p.sendBytes(b[i : i+1])
				i++
			case err == io.EOF:
				got, message, r = append(got, message), "", nil
			case err != nil:
				t.Fatal(err)
			}
		}
		rest, err := io.ReadAll(r)
		if got = append(got, message+string(rest)); err != nil || strings.Join(got, "|") != "one message|Hello" {
			t.Errorf("read %q, %v", got, err)
		}
		p.want(true, frame.Pong, "still there?")
	})
}

// TestReaderAfterRecvMessageTimeout goes on with NextReader where RecvMessage has timed
// out, at each byte.
func TestReaderAfterRecvMessageTimeout(t *testing.T) {
	for _, compress := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			first, rest, want := "one ", "message", "one message"
			if compress {
				first, rest, want = helloFixed[:4], helloFixed[4:], "Hello"
			}
			for i := range 30 {
				c, p := newPair(t, Config{Timeout: time.Second, Deflate: noTakeover})
				b := p.frame(false, frame.Text, first)
				if compress {
					b = p.compressed(false, frame.Text, first)
				}
				b = append(b, p.frame(false, frame.Continuation, "")...)
				b = append(b, p.frame(true, frame.Continuation, rest)...)
				i := min(i, len(b)-1)
				p.sendBytes(b[:i])
				if _, _, err := c.RecvMessage(); err != os.ErrDeadlineExceeded {
					t.Fatalf("RecvMessage: %v", err)
				}
				p.sendBytes(b[i:])
				p.send(true, frame.Binary, "next")
				wantRead(t, c, want, frame.Text)
				wantMessage(t, c, "next", frame.Binary)
			}
		})
	}
}

// TestReaderSkipTimesOut has the call that skips the rest of a message time out.
func TestReaderSkipTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Timeout: time.Second})
		p.send(false, frame.Text, "begun")
		r := nextReader(t, c, frame.Text)
		for range 2 {
			if _, _, err := c.RecvMessage(); err != os.ErrDeadlineExceeded {
				t.Fatalf("RecvMessage: %v", err)
			}
			if _, err := r.Read(make([]byte, 1)); err != errStale {
				t.Fatalf("Read: %v, want %v", err, errStale)
			}
		}
		p.send(true, frame.Ping, "ping")
		p.send(true, frame.Continuation, "ended")
		p.send(true, frame.Text, "next")
		wantMessage(t, c, "next", frame.Text)
		p.want(true, frame.Pong, "ping")
	})
}
