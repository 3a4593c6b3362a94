package endpoint

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

func TestRecvMessage(t *testing.T) {
	c, p := newPair(t, Config{})
	p.send(true, frame.Text, "whole")
	wantMessage(t, c, "whole", frame.Text)
	p.send(true, frame.Binary, "")
	wantMessage(t, c, "", frame.Binary)

	// Section 5.4: control frames may stand between fragments.
	p.send(false, frame.Text, "three ")
	p.send(true, frame.Ping, "between")
	p.send(false, frame.Continuation, "frag")
	p.send(true, frame.Pong, "nobody asked")
	p.send(true, frame.Continuation, "ments")
	wantMessage(t, c, "three fragments", frame.Text)
	p.want(true, frame.Pong, "between")

	p.send(false, frame.Binary, "")
	p.send(true, frame.Continuation, "")
	wantMessage(t, c, "", frame.Binary)
}

func TestRecvMessageAnswersClose(t *testing.T) {
	for _, test := range []struct {
		name    string
		payload []byte
		want    frame.CloseError
		answer  []byte
	}{
		{"5.5.1/code_and_reason", []byte("\x03\xe9bye"), frame.CloseError{Code: 1001, Reason: "bye"}, []byte("\x03\xe9")},
		{"7.4.2/private_code", []byte("\x0f\xa0"), frame.CloseError{Code: 4000}, []byte("\x0f\xa0")},
		{"7.1.5/no_code", nil, frame.CloseError{Code: frame.StatusNoStatusRcvd}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newPair(t, Config{})
			p.send(false, frame.Text, "never to be whole")
			p.send(true, frame.Close, string(test.payload))
			for range 2 {
				data, typ, err := c.RecvMessage()
				var closed *frame.CloseError
				if !errors.As(err, &closed) || *closed != test.want || data != nil || typ != 0 {
					t.Fatalf("RecvMessage = %q, %v, %v, want %v", data, typ, err, &test.want)
				}
			}
			p.want(true, frame.Close, string(test.answer))
		})
	}
}

// TestFatalInsideMessage has a message end for ever in its middle: neither
// method may return what there was of it.
func TestFatalInsideMessage(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(c *Conn, p *peer)
		want error
	}{
		{"5.4/new_message", func(c *Conn, p *peer) { p.send(true, frame.Text, "x") }, frame.ErrFragmentOrder},
		{"5.5.1/close", func(c *Conn, p *peer) { p.send(true, frame.Close, "") }, nil},
		{"7.1.5/end_of_tcp", func(c *Conn, p *peer) { p.Close() }, io.EOF},
		{"10.4/message_too_long", func(c *Conn, p *peer) { p.send(true, frame.Continuation, "too much") }, ErrMessageTooLong},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newPair(t, Config{MaxMessageLen: 10})
			p.send(false, frame.Text, "begun")
			test.end(c, p)
			_, _, err := c.RecvMessage()
			if err == nil || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("RecvMessage: %v, want %v", err, test.want)
			}
			wantFatal(t, c, err)
			for range 2 {
				wantFrame(t, c, "", 0, err)
			}
			if data, typ, again := c.RecvMessage(); data != nil || typ != 0 || again != err {
				t.Errorf("RecvMessage = %q, %v, %v, want %v", data, typ, again, err)
			}
		})
	}
}

func TestMaxMessageLen(t *testing.T) {
	for _, test := range []struct {
		name      string
		cfg       Config
		fragments []int
		ok        bool
	}{
		{"10.4/default", Config{}, slice(16, 65535), true},
		{"10.4/over_the_default", Config{}, append(slice(16, 65535), 17), false},
		{"10.4/default_is_as_long_as_a_frame", Config{MaxRecvLen: 2 << 20}, []int{2 << 20}, true},
		{"10.4/over_a_frame", Config{MaxRecvLen: 2 << 20}, []int{2 << 20, 1}, false},
		{"10.4/no_limit", Config{MaxRecvLen: -1}, []int{2 << 20, 1}, true},
		{"10.4/no_limit_but_of_frames", Config{MaxMessageLen: -1}, slice(20, 65535), true},
		{"10.4/one_frame", Config{MaxMessageLen: 100}, []int{100}, true},
		{"10.4/one_frame_too_long", Config{MaxMessageLen: 100}, []int{101}, false},
		{"10.4/fragments", Config{MaxMessageLen: 100}, []int{50, 0, 50, 0}, true},
		{"10.4/fragments_too_long", Config{MaxMessageLen: 100}, []int{50, 0, 50, 1}, false},
		{"10.4/one_byte", Config{MaxMessageLen: 1}, []int{0, 1}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newPair(t, test.cfg)
			var message strings.Builder
			for i, n := range test.fragments {
				op := frame.Continuation
				if i == 0 {
					op = frame.Binary
				}
				fragment := strings.Repeat(string(rune('a'+i)), n)
				message.WriteString(fragment)
				p.send(i == len(test.fragments)-1, op, fragment)
			}
			if test.ok {
				wantMessage(t, c, message.String(), frame.Binary)
				return
			}
			if _, _, err := c.RecvMessage(); !errors.Is(err, ErrMessageTooLong) {
				t.Fatalf("RecvMessage: %v, want %v", err, ErrMessageTooLong)
			}
			p.wantClose(frame.StatusMessageTooBig)
		})
	}
}

func slice(n, value int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = value
	}
	return s
}

// TestMaxMessageLenFromTheHeader has a frame declared of a length for which
// there is no room in the message, and none of it sent.
func TestMaxMessageLenFromTheHeader(t *testing.T) {
	for _, test := range []struct {
		name   string
		first  string // a fragment before
		length int
	}{
		{"10.4/frame", "", 2000},
		{"10.4/gibibyte", "", 1 << 30},
		{"10.4/fragment", strings.Repeat("x", 900), 1000},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newPair(t, Config{Role: frame.Client, MaxRecvLen: -1, MaxMessageLen: 1000})
			op := frame.Binary
			if test.first != "" {
				op = frame.Continuation
				p.send(false, frame.Binary, test.first)
			}
			h := frame.Header{Fin: true, Opcode: op, Length: int64(test.length)}
			p.sendBytes(append(frame.AppendHeader(nil, h), make([]byte, 20)...))
			if _, _, err := c.RecvMessage(); !errors.Is(err, ErrMessageTooLong) {
				t.Fatalf("RecvMessage: %v, want %v", err, ErrMessageTooLong)
			}
			p.wantClose(frame.StatusMessageTooBig)
		})
	}
}

// TestRecvMessageTimeout has RecvMessage time out at every byte of a message.
func TestRecvMessageTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Timeout: time.Second})
		b := bytes.Join([][]byte{
			p.frame(false, frame.Text, "one "),
			p.frame(true, frame.Ping, "still there?"),
			p.frame(false, frame.Continuation, ""),
			p.frame(true, frame.Continuation, "message"),
		}, nil)
		for i := range b {
			if data, typ, err := c.RecvMessage(); data != nil || typ != 0 || err != os.ErrDeadlineExceeded {
				t.Fatalf("RecvMessage after %d bytes = %q, %v, %v, want a timeout", i, data, typ, err)
			}
			p.sendBytes(b[i : i+1])
		}
		wantMessage(t, c, "one message", frame.Text)
		p.want(true, frame.Pong, "still there?")
	})
}

// TestRecvMessageThenRecvFrame goes on with RecvFrame where RecvMessage has
// timed out.
func TestRecvMessageThenRecvFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Timeout: time.Second})
		wantTimeout := func() {
			t.Helper()
			if _, _, err := c.RecvMessage(); err != os.ErrDeadlineExceeded {
				t.Fatalf("RecvMessage: %v, want a timeout", err)
			}
		}
		p.send(false, frame.Text, "a")
		p.send(false, frame.Continuation, "b")
		last := p.frame(true, frame.Continuation, "c")
		p.sendBytes(last[:len(last)-1])
		wantTimeout()
		wantFrame(t, c, "ab", frame.Text, ErrAgain)
		p.sendBytes(last[len(last)-1:])
		wantFrame(t, c, "c", frame.Continuation, nil)

		// Nothing has come of the next message when RecvMessage times out.
		wantTimeout()
		p.send(false, frame.Binary, "1")
		wantFrame(t, c, "1", frame.Binary, ErrAgain)

		// RecvMessage returns the rest of a message, in two parts if need be.
		p.send(false, frame.Continuation, "2")
		wantTimeout()
		wantFrame(t, c, "2", frame.Continuation, ErrAgain)
		p.send(false, frame.Continuation, "3")
		p.send(true, frame.Continuation, "4")
		wantMessage(t, c, "34", frame.Continuation)
		p.send(true, frame.Text, "next")
		wantMessage(t, c, "next", frame.Text)
	})
}

// TestPingFlood has the peer send more pings than it takes pongs. That ends no
// receive, and the last Ping is answered when there is room again.
func TestPingFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		p.stopReading()
		flood := strings.Repeat("x", maxControlLen)
		const pings = 2000 // more than is ever pending
		for range pings {
			p.send(true, frame.Ping, flood)
		}
		p.send(true, frame.Ping, "last")
		p.send(true, frame.Text, "after the flood")
		wantMessage(t, c, "after the flood", frame.Text)
		if n := c.send.pending.len(); n > maxPending+2*maxControlLen {
			t.Errorf("%d bytes are pending", n)
		}
		p.own.SetWriteBuffer(-1)
		answered := 0
		for {
			f, err := p.recv()
			if err != nil || f.Opcode != frame.Pong {
				t.Fatalf("the peer receives %v, %v", f.Opcode, err)
			}
			if answered++; string(f.Payload) == "last" {
				break
			}
		}
		if answered < maxPending/(2+maxControlLen) || answered >= pings {
			t.Errorf("%d pings are answered, of %d", answered, pings)
		}
	})
}

// TestPongsTakenSlowly has the peer take a Pong every 600 milliseconds. A Recv call
// does not wait for that, and the time that a send may take is that of each.
func TestPongsTakenSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Timeout: time.Second})
		p.stopReading()
		const pings = 6
		for i := range pings {
			p.send(true, frame.Ping, "")
			time.AfterFunc(time.Duration(i+1)*600*time.Millisecond, func() { p.own.SetWriteBuffer(2 * (i + 1)) })
		}
		p.send(true, frame.Text, "at once")
		start := time.Now()
		wantMessage(t, c, "at once", frame.Text)
		if took := time.Since(start); took != 0 {
			t.Errorf("RecvMessage took %v", took)
		}
		for range pings {
			p.want(true, frame.Pong, "")
		}
		wantFatal(t, c, nil)
	})
}
