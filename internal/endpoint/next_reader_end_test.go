package endpoint

import (
	"errors"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"resty.websocket/frame"
)

// TestReaderEnds has TCP end after each byte of a message.
func TestReaderEnds(t *testing.T) {
	for _, compress := range []bool{false, true} {
		probe := &peer{role: frame.Client}
		b := append(probe.frame(false, frame.Text, "one "), probe.frame(true, frame.Continuation, "message")...)
		if compress {
			b = append(probe.compressed(false, frame.Text, helloFixed[:4]), probe.frame(true, frame.Continuation, helloFixed[4:])...)
		}
		for i := range b {
			c, p := newPair(t, Config{Deflate: takeover})
			p.sendBytes(b[:i])
			p.Close()
			_, r, err := c.NextReader()
			if err == nil {
				_, err = io.ReadAll(r)
			}
			want := io.ErrUnexpectedEOF
			if i == 0 {
				want = io.EOF
			}
			if err != want {
				t.Errorf("after %d bytes: %v, want %v", i, err, want)
			}
			wantFatal(t, c, err)
			if r != nil {
				if _, again := r.Read(make([]byte, 1)); again != err {
					t.Errorf("after %d bytes: Read again: %v", i, again)
				}
			}
		}
	}
}

// TestReaderFaults has a message go wrong behind a part that can be read.
func TestReaderFaults(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(p *peer)
		code frame.StatusCode
	}{
		{"5.4/new_message", func(p *peer) { p.send(true, frame.Text, "x") }, frame.StatusProtocolError},
		{"5.5.1/close", func(p *peer) { p.sendClose(4000, "") }, 4000},
		{"8.1/not_utf8", func(p *peer) { p.send(true, frame.Continuation, "ab\xff") }, frame.StatusInvalidFramePayloadData},
		{"8.1/cut", func(p *peer) { p.send(true, frame.Continuation, "ab\xc3") }, frame.StatusInvalidFramePayloadData},
		{"10.4/message_too_long", func(p *peer) { p.send(true, frame.Continuation, "too much") }, frame.StatusMessageTooBig},
		{"10.4/declared_too_long", func(p *peer) {
			p.sendBytes(p.frame(true, frame.Continuation, "too much")[:6])
		}, frame.StatusMessageTooBig},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newPair(t, Config{MaxMessageLen: 10})
			p.send(false, frame.Text, "begun")
			test.end(p)
			r := nextReader(t, c, frame.Text)
			if _, err := io.ReadFull(r, make([]byte, 5)); err != nil {
				t.Fatal(err)
			}
			n, err := r.Read(make([]byte, 10))
			if n != 0 || err == nil || err == io.EOF {
				t.Fatalf("Read = %d, %v", n, err)
			}
			wantFatal(t, c, err)
			p.wantClose(test.code)
			if _, _, again := c.NextReader(); again != err {
				t.Errorf("NextReader: %v, want %v", again, err)
			}
			if _, again := r.Read(make([]byte, 10)); again != err {
				t.Errorf("Read again: %v, want %v", again, err)
			}
		})
	}
}

// TestReaderInvalidText has each byte of a text be wrong, in plain and compressed messages
// of any fragments. The text before it is all that can be read.
func TestReaderInvalidText(t *testing.T) {
	const whole = "Grüße, 世界 \U0001F600"
	for _, compress := range []bool{false, true} {
		for i := range len(whole) {
			for _, size := range []int{1, 2, 5, 100} {
				c, p := newPair(t, Config{Deflate: noTakeover})
				message := whole[:i] + "\xff" + whole[i:]
				payload := message
				if compress {
					payload = stored(message)
				}
				for at := 0; at < len(payload); at += size {
					h := frame.Header{Fin: at+size >= len(payload), RSV1: compress && at == 0, Masked: true}
					if at == 0 {
						h.Opcode = frame.Text
					}
					p.sendBytes(frame.AppendFrame(nil, h, []byte(payload[at:min(at+size, len(payload))])))
				}
				_, r, err := c.NextReader()
				var got []byte
				if err == nil {
					got, err = io.ReadAll(r)
				}
				if !errors.Is(err, frame.ErrInvalidUTF8) || !strings.HasPrefix(whole[:i], string(got)) {
					t.Errorf("compressed %t, in fragments of %d: %q, %v", compress, size, got, err)
				}
				p.wantClose(frame.StatusInvalidFramePayloadData)
			}
		}
	}
}

// TestReaderCutText has compressed text end inside a character.
func TestReaderCutText(t *testing.T) {
	c, p := newPair(t, Config{Deflate: noTakeover})
	p.sendBytes(p.compressed(true, frame.Text, stored("abc\xe2\x82")))
	data, err := io.ReadAll(nextReader(t, c, frame.Text))
	if !errors.Is(err, frame.ErrInvalidUTF8) {
		t.Errorf("read %q, %v", data, err)
	}
	p.wantClose(frame.StatusInvalidFramePayloadData)
}

// TestReaderAndClose ends the connection while a Read waits, and while there is more to
// read.
func TestReaderAndClose(t *testing.T) {
	for name, end := range map[string]func(c *Conn) error{
		"Close":    func(c *Conn) error { return c.Close(frame.StatusNormalClosure) },
		"CloseNow": (*Conn).CloseNow,
	} {
		for _, waits := range []bool{false, true} {
			if waits && name == "Close" {
				continue // a Close that waits for a lock stops the clock of a bubble
			}
			for _, compress := range []bool{false, true} {
				synctest.Test(t, func(t *testing.T) {
					c, p := newPair(t, Config{Deflate: takeover})
					b := p.frame(false, frame.Binary, strings.Repeat("x", 100))
					if compress {
						b = p.compressed(false, frame.Binary, flushed(strings.Repeat("x", 100)))
					}
					p.sendBytes(b)
					if !compress {
						p.sendBytes(p.frame(true, frame.Continuation, strings.Repeat("y", 100))[:50])
					}
					r := nextReader(t, c, frame.Binary)
					n := 50
					if waits {
						n = 1000
					}
					read := make(chan error, 1)
					go func() {
						_, err := io.ReadFull(r, make([]byte, n))
						read <- err
					}()
					synctest.Wait()
					end(c)
					if err := <-read; waits != errors.Is(err, net.ErrClosed) {
						t.Errorf("%s, %t, %t: ReadFull: %v", name, waits, compress, err)
					}
					if _, err := r.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
						t.Errorf("%s, %t, %t: Read: %v", name, waits, compress, err)
					}
				})
			}
		}
	}
}

// TestCloseDropsALongFrame has Close drop the rest of a frame that is longer than any
// window.
func TestCloseDropsALongFrame(t *testing.T) {
	c, p := newTCPPair(t, Config{})
	b := p.frame(true, frame.Binary, strings.Repeat("x", 8<<20))
	go func() {
		p.Write(b)
		p.sendClose(1000, "")
		io.Copy(io.Discard, p.Conn)
	}()
	r := nextReader(t, c, frame.Binary)
	r.Read(make([]byte, 10))
	var before, behind runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := c.Close(frame.StatusNormalClosure); err != nil {
		t.Errorf("Close: %v", err)
	}
	runtime.ReadMemStats(&behind)
	if n := behind.TotalAlloc - before.TotalAlloc; n > 2<<20 {
		t.Errorf("Close allocates %d bytes", n)
	}
	if _, err := r.Read(make([]byte, 10)); err == nil || err == io.EOF {
		t.Errorf("Read: %v", err)
	}
}

// A slowWriter calls a function in each Write.
type slowWriter func(p []byte)

func (w slowWriter) Write(p []byte) (int, error) { w(p); return len(p), nil }

// TestWriteToLends closes the connection while the destination of WriteTo has the bytes.
// They stay as they are, and Close does not wait.
func TestWriteToLends(t *testing.T) {
	for _, compress := range []bool{false, true} {
		for _, transport := range transports {
			if transport.name == "tls" {
				continue // the peer does not read its goodbye
			}
			t.Run(transport.name, func(t *testing.T) {
				c, p := transport.pair(t, Config{Deflate: takeover})
				message := mixed(1000)
				go func() {
					if compress {
						newTalker(p).say(message)
					} else {
						p.send(false, frame.Text, message)
					}
				}()
				r := nextReader(t, c, frame.Text)
				_, err := r.(io.WriterTo).WriteTo(slowWriter(func(b []byte) {
					before := string(b)
					c.CloseNow()
					scribbleSlabs(t)
					if string(b) != before || len(b) == 0 {
						t.Errorf("the bytes have become %.40q", b)
					}
				}))
				if !errors.Is(err, net.ErrClosed) {
					t.Errorf("WriteTo: %v", err)
				}
			})
		}
	}
}

// TestWriteToFails has the destination of WriteTo fail. Read goes on behind the bytes that
// it has taken.
func TestWriteToFails(t *testing.T) {
	c, p := newPair(t, Config{})
	p.send(true, frame.Text, "one message")
	r := nextReader(t, c, frame.Text)
	oops := errors.New("oops")
	n, err := io.Copy(failing{4, oops}, r)
	if n != 4 || err != oops {
		t.Errorf("Copy = %d, %v", n, err)
	}
	if n, err := io.Copy(failing{2, nil}, r); n != 2 || err != io.ErrShortWrite {
		t.Errorf("Copy = %d, %v", n, err)
	}
	if rest, err := io.ReadAll(r); err != nil || string(rest) != "ssage" {
		t.Errorf("the rest: %q, %v", rest, err)
	}
}

// A failing takes n bytes of each Write and returns err.
type failing struct {
	n   int
	err error
}

func (w failing) Write(p []byte) (int, error) { return w.n, w.err }

// TestReaderReusable holds that a connection is not as good as new within a message.
func TestReaderReusable(t *testing.T) {
	for _, compress := range []bool{false, true} {
		c, p := newPair(t, Config{Deflate: takeover})
		for range 3 {
			if compress {
				p.sendBytes(p.compressed(true, frame.Text, stored("Hello")))
			} else {
				p.send(true, frame.Text, "Hello")
			}
			r := nextReader(t, c, frame.Text)
			for n := range 5 {
				if err := c.Reusable(); err != errUnread {
					t.Errorf("after %d bytes, compressed %t: %v, want %v", n, compress, err, errUnread)
				}
				io.ReadFull(r, make([]byte, 1))
			}
			if err := c.Reusable(); err != nil {
				t.Errorf("after a message, compressed %t: %v", compress, err)
			}
			if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF {
				t.Errorf("Read = %d, %v, want the end", n, err)
			}
		}
		p.send(false, frame.Text, "Hello")
		io.ReadFull(nextReader(t, c, frame.Text), make([]byte, 5))
		if err := c.Reusable(); err != errUnfinished {
			t.Errorf("inside a message, compressed %t: %v", compress, err)
		}
	}
}
