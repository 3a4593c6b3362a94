package endpoint

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"resty.websocket/frame"
)

// nextReader calls NextReader, which must begin a message of type op.
func nextReader(t *testing.T, c *Conn, op frame.Opcode) io.Reader {
	t.Helper()
	typ, r, err := c.NextReader()
	if err != nil || typ != op {
		t.Fatalf("NextReader = %v, %v, want %v", typ, err, op)
	}
	return r
}

// wantRead reads a whole message by NextReader and checks it.
func wantRead(t *testing.T, c *Conn, payload string, op frame.Opcode) {
	t.Helper()
	r := nextReader(t, c, op)
	data, err := io.ReadAll(r)
	if err != nil || string(data) != payload {
		t.Fatalf("read %d bytes %.40q, %v, want %.40q", len(data), data, err, payload)
	}
	if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Fatalf("Read after the end = %d, %v", n, err)
	}
}

func TestNextReader(t *testing.T) {
	c, p := newPair(t, Config{Deflate: takeover})
	p.send(true, frame.Text, "whole")
	wantRead(t, c, "whole", frame.Text)
	p.send(true, frame.Binary, "")
	wantRead(t, c, "", frame.Binary)

	// Section 5.4: control frames may stand between fragments.
	p.send(false, frame.Text, "three ")
	p.send(true, frame.Ping, "between")
	p.send(false, frame.Continuation, "frag")
	p.send(true, frame.Pong, "unsolicited")
	p.send(true, frame.Continuation, "ments")
	wantRead(t, c, "three fragments", frame.Text)
	p.want(true, frame.Pong, "between")

	p.sendBytes(p.compressed(false, frame.Text, helloFixed[:3]))
	p.send(true, frame.Ping, "between")
	p.send(false, frame.Continuation, "")
	p.send(true, frame.Continuation, helloFixed[3:])
	wantRead(t, c, "Hello", frame.Text)
	p.want(true, frame.Pong, "between")
	p.sendBytes(p.compressed(true, frame.Binary, helloAgain))
	wantRead(t, c, "Hello", frame.Binary)

	// The rest of a message that RecvFrame has begun.
	p.send(false, frame.Binary, "be")
	wantFrame(t, c, "be", frame.Binary, ErrAgain)
	p.send(true, frame.Continuation, "gun")
	wantRead(t, c, "gun", frame.Continuation)
	p.send(true, frame.Text, "next")
	wantMessage(t, c, "next", frame.Text)
}

// TestNextReaderOnAllTransports reads a long message with each kind of reader.
func TestNextReaderOnAllTransports(t *testing.T) {
	message := mixed(300_000)
	payload := newTalker(nil).compress(message)
	readers := map[string]func(t *testing.T, r io.Reader) string{
		"ReadAll":       func(t *testing.T, r io.Reader) string { b, _ := io.ReadAll(r); return string(b) },
		"HalfReader":    func(t *testing.T, r io.Reader) string { b, _ := io.ReadAll(iotest.HalfReader(r)); return string(b) },
		"OneByteReader": func(t *testing.T, r io.Reader) string { b, _ := io.ReadAll(iotest.OneByteReader(r)); return string(b) },
		"WriteTo": func(t *testing.T, r io.Reader) string {
			var b strings.Builder
			if n, err := io.Copy(&b, r); err != nil || n != int64(b.Len()) {
				t.Errorf("Copy = %d, %v, for %d bytes", n, err, b.Len())
			}
			return b.String()
		},
	}
	for _, transport := range transports {
		for name, read := range readers {
			for _, role := range []frame.Role{frame.Server, frame.Client} {
				t.Run(transport.name+"/"+name+"/"+role.String(), func(t *testing.T) {
					c, p := transport.pair(t, Config{Role: role, Deflate: takeover})
					go func() {
						p.send(true, frame.Text, message)
						p.sendBytes(p.compressed(true, frame.Text, payload))
						for i := 0; i < len(message); i += 1000 {
							op := frame.Continuation
							if i == 0 {
								op = frame.Binary
							}
							p.send(i+1000 >= len(message), op, message[i:min(i+1000, len(message))])
						}
					}()
					for _, op := range []frame.Opcode{frame.Text, frame.Text, frame.Binary} {
						if got := read(t, nextReader(t, c, op)); got != message {
							t.Fatalf("%d bytes of %d", len(got), len(message))
						}
					}
				})
			}
		}
	}
}

// TestReaderAbandoned stops reading after each byte. The next call, whichever it is,
// gets the next message, and the reader gets an error.
func TestReaderAbandoned(t *testing.T) {
	const message = "Hello, Hello, Hello, all of you"
	next := map[string]func(t *testing.T, c *Conn){
		"NextReader":  func(t *testing.T, c *Conn) { wantRead(t, c, message, frame.Binary) },
		"RecvMessage": func(t *testing.T, c *Conn) { wantMessage(t, c, message, frame.Binary) },
		"RecvFrame":   func(t *testing.T, c *Conn) { wantFrame(t, c, message, frame.Binary, nil) },
	}
	for name, recv := range next {
		for how, d := range map[string]*Config{"plain": {}, "no_takeover": {Deflate: noTakeover}, "takeover": {Deflate: takeover}} {
			t.Run(name+"/"+how, func(t *testing.T) {
				for n := range len(message) + 1 {
					c, p := newPair(t, *d)
					talk := newTalker(p)
					if how == "plain" {
						p.send(false, frame.Text, message[:10])
						p.send(true, frame.Continuation, message[10:])
						p.send(true, frame.Binary, message)
					} else {
						talk.say(message)
						if how == "no_takeover" {
							talk.w.Reset(&talk.out)
						}
						talk.op = frame.Binary
						talk.say(message)
					}
					r := nextReader(t, c, frame.Text)
					if _, err := io.ReadFull(r, make([]byte, n)); err != nil {
						t.Fatal(err)
					}
					recv(t, c)
					if n, err := r.Read(make([]byte, 10)); n != 0 || err == nil || err == io.EOF {
						t.Fatalf("the old reader: %d bytes, %v", n, err)
					}
					wantFatal(t, c, nil)
				}
			})
		}
	}
}

// stored returns message as a compressed payload that stores it.
func stored(message string) string {
	n := len(message)
	return string([]byte{0, byte(n), byte(n >> 8), ^byte(n), ^byte(n >> 8)}) + message + "\x00"
}

// flushed returns p as the part of a payload behind which the compressor was flushed.
func flushed(p string) string { return stored(p) + "\x00\x00\xff\xff" }

// TestReaderLimits reads messages longer than RecvMessage takes. MaxMessageLen and
// MaxRecvLen bound them if they are set.
func TestReaderLimits(t *testing.T) {
	const long = 3 << 20
	for _, test := range []struct {
		name string
		cfg  Config
		ok   bool
	}{
		{"10.4/default", Config{}, true},
		{"10.4/none", Config{MaxMessageLen: -1}, true},
		{"10.4/exact", Config{MaxMessageLen: long}, true},
		{"10.4/one_less", Config{MaxMessageLen: long - 1}, false},
		{"10.4/frame_exact", Config{MaxRecvLen: long}, true},
		{"10.4/frame_one_less", Config{MaxPayloadLen: long - 1}, false},
		{"10.4/inflated", Config{Deflate: noTakeover}, true},
		{"10.4/inflated_exact", Config{Deflate: noTakeover, MaxMessageLen: long}, true},
		{"10.4/inflated_one_less", Config{Deflate: noTakeover, MaxMessageLen: long - 1}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newPair(t, test.cfg)
			if test.cfg.Deflate != nil {
				newTalker(p).say(strings.Repeat("x", long))
			} else {
				p.send(true, frame.Text, strings.Repeat("x", long))
			}
			_, r, err := c.NextReader()
			var n int64
			if err == nil {
				n, err = io.Copy(io.Discard, r)
			}
			if test.ok && (err != nil || n != long) {
				t.Errorf("read %d bytes, %v", n, err)
			}
			var broken *frame.ProtocolError
			if !test.ok && (!errors.As(err, &broken) || broken.Code != frame.StatusMessageTooBig || n >= long) {
				t.Errorf("read %d bytes, %v", n, err)
			}
			if len(c.recv.window.bytes()) > readLen {
				t.Errorf("the window is %d bytes long", len(c.recv.window.bytes()))
			}
		})
	}
}

// TestReaderAnyFragments reads a message of more fragments than RecvMessage takes.
func TestReaderAnyFragments(t *testing.T) {
	const most = 131072
	c, p := newPair(t, Config{})
	p.send(false, frame.Binary, "")
	p.sendBytes(bytes.Repeat(p.frame(false, frame.Continuation, ""), most))
	p.send(true, frame.Continuation, "end")
	wantRead(t, c, "end", frame.Binary)
	p.send(false, frame.Binary, "")
	p.sendBytes(bytes.Repeat(p.frame(false, frame.Continuation, ""), most))
	if _, _, err := c.RecvMessage(); !errors.Is(err, frame.ErrTooManyFragments) {
		t.Errorf("RecvMessage: %v, want %v", err, frame.ErrTooManyFragments)
	}
}

// TestReadAllocatesNothing for a part of a message.
func TestReadAllocatesNothing(t *testing.T) {
	for _, compress := range []bool{false, true} {
		c, p := newTCPPair(t, Config{Timeout: time.Minute, Deflate: noTakeover})
		first, part := p.frame(false, frame.Binary, ""), p.frame(false, frame.Continuation, strings.Repeat("x", 1000))
		if compress {
			noise := make([]byte, 1000)
			for i := range noise {
				noise[i] = byte(rand.Int())
			}
			first = p.compressed(false, frame.Binary, "")
			part = p.frame(false, frame.Continuation, flushed(string(noise)))
		}
		p.Write(first)
		r := nextReader(t, c, frame.Binary)
		buf := make([]byte, 1000)
		n := allocs(func() {
			p.Write(part)
			if _, err := io.ReadFull(r, buf); err != nil {
				t.Fatal(err)
			}
		})
		if n > 0 {
			t.Errorf("compressed %t: %v allocations", compress, n)
		}
	}
}
