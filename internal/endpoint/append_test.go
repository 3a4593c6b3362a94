package endpoint

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// wantAppended receives a message behind "kept " and checks it.
func wantAppended(t *testing.T, c *Conn, payload string, op frame.Opcode) {
	t.Helper()
	data, typ, err := c.AppendMessage([]byte("kept "))
	if string(data) != "kept "+payload || typ != op || err != nil {
		t.Fatalf("AppendMessage = %.40q, %v, %v, want %.40q, %v", data, typ, err, payload, op)
	}
}

func TestAppendMessage(t *testing.T) {
	c, p := newPair(t, Config{})
	p.send(true, frame.Text, "whole")
	wantAppended(t, c, "whole", frame.Text)
	p.send(true, frame.Binary, "")
	wantAppended(t, c, "", frame.Binary)

	// Section 5.4: control frames may stand between fragments.
	p.send(false, frame.Text, "three ")
	p.send(true, frame.Ping, "between")
	p.send(false, frame.Continuation, "frag")
	p.send(true, frame.Continuation, "ments")
	wantAppended(t, c, "three fragments", frame.Text)
	p.want(true, frame.Pong, "between")

	p.sendClose(frame.StatusGoingAway, "bye")
	dst := []byte("kept")
	data, typ, err := c.AppendMessage(dst)
	if string(data) != "kept" || typ != 0 || frame.CloseCode(err) != frame.StatusGoingAway {
		t.Fatalf("AppendMessage = %q, %v, %v", data, typ, err)
	}
	p.wantClose(frame.StatusGoingAway)
}

// The messages belong to the caller, and the connection holds no buffer meanwhile.
func TestAppendMessageKeeps(t *testing.T) {
	c, p := newPair(t, Config{})
	var kept [][]byte
	var want []string
	for i := range 5 {
		message := fmt.Sprintf("message %d", i)
		p.send(false, frame.Text, message[:3])
		p.send(true, frame.Continuation, message[3:])
		data, _, err := c.AppendMessage(nil)
		if err != nil || c.recv.window.slab != nil || c.recv.message.slab != nil {
			t.Fatalf("%v, the connection holds %v, %v", err, c.recv.window.slab, c.recv.message.slab)
		}
		kept, want = append(kept, data), append(want, message)
	}
	for i := range kept {
		if string(kept[i]) != want[i] {
			t.Errorf("message %d has become %q", i, kept[i])
		}
	}
}

// A call that times out at any byte of a message returns dst as it was, and the next
// one has the whole message, whether or not it is another method.
func TestAppendMessageTimeout(t *testing.T) {
	calls := map[string]func(c *Conn) (string, error){
		"append": func(c *Conn) (string, error) {
			dst := append(make([]byte, 0, 100), "kept "...)
			data, _, err := c.AppendMessage(dst)
			if err != nil && string(data) != "kept " {
				return "", fmt.Errorf("dst has become %q: %w", data, err)
			}
			return strings.TrimPrefix(string(data), "kept "), err
		},
		"recv": func(c *Conn) (string, error) {
			data, _, err := c.RecvMessage()
			return string(data), err
		},
	}
	for _, order := range [][]string{{"append"}, {"append", "recv"}, {"recv", "append"}} {
		t.Run(strings.Join(order, "_"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Timeout: time.Second, Deflate: noTakeover})
				for _, b := range [][]byte{
					slices.Concat(p.frame(false, frame.Text, "Hel"), p.frame(true, frame.Ping, ""), p.frame(false, frame.Continuation, "l"), p.frame(true, frame.Continuation, "o")),
					slices.Concat(p.compressed(false, frame.Text, helloFixed[:3]), p.frame(true, frame.Continuation, helloFixed[3:])),
				} {
					for i := range b {
						if _, err := calls[order[i%len(order)]](c); err != os.ErrDeadlineExceeded {
							t.Fatalf("after %d bytes: %v", i, err)
						}
						p.sendBytes(b[i : i+1])
					}
					if got, err := calls[order[len(b)%len(order)]](c); got != "Hello" || err != nil {
						t.Fatalf("received %q, %v", got, err)
					}
				}
			})
		})
	}
}

// RecvFrame returns the part of a message that AppendMessage has received, and
// AppendMessage the rest.
func TestAppendMessageThenRecvFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Timeout: time.Second})
		p.send(false, frame.Text, "a")
		p.send(false, frame.Continuation, "b")
		if data, _, err := c.AppendMessage(nil); data != nil || err != os.ErrDeadlineExceeded {
			t.Fatalf("AppendMessage = %q, %v", data, err)
		}
		wantFrame(t, c, "ab", frame.Text, ErrAgain)
		p.send(false, frame.Continuation, "c")
		p.send(true, frame.Continuation, "d")
		wantAppended(t, c, "cd", frame.Continuation)
	})
}

func TestAppendMessageInflates(t *testing.T) {
	c, p := newPair(t, Config{Deflate: noTakeover})
	p.sendBytes(p.compressed(true, frame.Text, helloFixed))
	wantAppended(t, c, "Hello", frame.Text)
	p.sendBytes(p.compressed(false, frame.Text, helloFixed[:3]))
	p.send(true, frame.Continuation, helloFixed[3:])
	wantAppended(t, c, "Hello", frame.Text)
	p.send(true, frame.Text, "plain")
	wantAppended(t, c, "plain", frame.Text)
}

// The limits and rules are those of RecvMessage, and dst is returned as it was.
func TestAppendMessageRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		send func(p *peer)
		code frame.StatusCode
	}{
		{"10.4/one_frame", func(p *peer) { p.send(true, frame.Binary, "12345") }, frame.StatusMessageTooBig},
		{"10.4/fragments", func(p *peer) {
			p.send(false, frame.Binary, "123")
			p.send(true, frame.Continuation, "45")
		}, frame.StatusMessageTooBig},
		{"10.4/inflated", func(p *peer) { p.sendBytes(p.compressed(true, frame.Text, helloFixed)) }, frame.StatusMessageTooBig},
		{"8.1/fragments", func(p *peer) {
			p.send(false, frame.Text, "\xc3")
			p.send(true, frame.Continuation, "x")
		}, frame.StatusInvalidFramePayloadData},
		{"8.1/inflated", func(p *peer) { p.sendBytes(p.compressed(true, frame.Text, "\x00\x01\x00\xfe\xff\xff\x00")) }, frame.StatusInvalidFramePayloadData},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newPair(t, Config{Deflate: noTakeover, MaxMessageLen: 4})
			test.send(p)
			data, typ, err := c.AppendMessage([]byte("kept"))
			var broken *frame.ProtocolError
			if string(data) != "kept" || typ != 0 || !errors.As(err, &broken) || broken.Code != test.code {
				t.Fatalf("AppendMessage = %q, %v, %v, want code %v", data, typ, err, test.code)
			}
			p.wantClose(test.code)
		})
	}
}

// A message of any shape costs no allocation if dst has room for it.
func TestAppendMessageAllocs(t *testing.T) {
	c, p := newTCPPair(t, Config{})
	message := slices.Concat(p.frame(false, frame.Text, "Hel"), p.frame(true, frame.Continuation, "lo"), p.frame(true, frame.Text, "Hello"))
	dst := make([]byte, 0, 100)
	if n := allocs(func() {
		p.sendBytes(message)
		for range 2 {
			if data, _, err := c.AppendMessage(dst[:0]); string(data) != "Hello" || err != nil || !bytes.Equal(data, dst[:5]) {
				t.Fatalf("AppendMessage = %q, %v", data, err)
			}
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
