package endpoint

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// TestStreamEnds has the peer end a stream in its ways, behind the last bytes.
func TestStreamEnds(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(p *peer)
		want error
	}{
		{"7.4.1/normal_closure", func(p *peer) { p.sendClose(frame.StatusNormalClosure, "") }, io.EOF},
		{"7.4.1/going_away", func(p *peer) { p.sendClose(frame.StatusGoingAway, "") }, io.EOF},
		{"7.4.2/application_code", func(p *peer) { p.sendClose(4000, "") }, &frame.CloseError{Code: 4000}},
		{"7.1.5/tcp", func(p *peer) { p.Close() }, io.ErrUnexpectedEOF},
		{"7.1.5/tcp_in_a_message", func(p *peer) { p.send(false, frame.Binary, ""); p.Close() }, io.ErrUnexpectedEOF},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newPair(t, Config{})
			p.send(false, frame.Binary, "by")
			p.send(true, frame.Ping, "")
			p.send(true, frame.Continuation, "te")
			p.send(true, frame.Binary, "")
			p.send(true, frame.Binary, "s")
			test.end(p)
			data := make([]byte, 5)
			if n, err := io.ReadFull(c.Stream(frame.Binary), data); n != 5 || string(data) != "bytes" {
				t.Fatalf("read %q, %v", data[:n], err)
			}
			_, err := c.Stream(frame.Binary).Read(data)
			if code := frame.CloseCode(test.want); err != test.want && (code == 0 || frame.CloseCode(err) != code) {
				t.Errorf("the end: %v, want %v", err, test.want)
			}
		})
	}
}

// TestStreamOfAnotherType has the peer send a message that is not the stream's.
func TestStreamOfAnotherType(t *testing.T) {
	c, p := newPair(t, Config{})
	p.send(true, frame.Text, "text")
	_, err := c.Stream(frame.Binary).Read(make([]byte, 10))
	var broken *frame.ProtocolError
	if !errors.As(err, &broken) || broken.Code != frame.StatusUnsupportedData || c.Fatal() != err {
		t.Errorf("Read: %v, Fatal %v", err, c.Fatal())
	}
	p.wantClose(frame.StatusUnsupportedData)
}

// TestStreamReadDeadlineRevives has deadlines end Reads, in the middle of a message and
// before it. Nothing is lost, and a later deadline lets a Read go on.
func TestStreamReadDeadlineRevives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		s := c.Stream(frame.Binary)
		b := p.frame(true, frame.Binary, "abcdef")
		cut := len(b) - 3
		for i, part := range [][]byte{b[:1], b[1:cut], b[cut:]} {
			s.SetReadDeadline(time.Now().Add(time.Second))
			start := time.Now()
			if n, err := s.Read(make([]byte, 10)); n > 0 || err != os.ErrDeadlineExceeded || time.Since(start) != time.Second {
				t.Fatalf("Read: %d bytes, %v after %v", n, err, time.Since(start))
			}
			s.SetReadDeadline(time.Time{})
			p.sendBytes(part)
			if i > 0 {
				got := make([]byte, 3)
				if _, err := io.ReadFull(s, got); err != nil || string(got) != []string{"abc", "def"}[i-1] {
					t.Fatalf("read %q, %v", got, err)
				}
			}
		}
		// A deadline that is moved ends the Read that waits, or lets it go on.
		s.SetReadDeadline(time.Now().Add(time.Second))
		time.AfterFunc(time.Second/2, func() { s.SetReadDeadline(time.Now().Add(time.Minute)) })
		time.AfterFunc(time.Minute/2, func() { s.SetReadDeadline(time.Now()) })
		start := time.Now()
		if _, err := s.Read(make([]byte, 10)); err != os.ErrDeadlineExceeded || time.Since(start) != time.Minute/2 {
			t.Errorf("Read: %v after %v", err, time.Since(start))
		}
		if c.Fatal() != nil {
			t.Error(c.Fatal())
		}
	})
}

// TestStreamWriteDeadlineRevives has a peer that does not read make Writes run into their
// deadline. The bytes that were accepted arrive, and no others.
func TestStreamWriteDeadlineRevives(t *testing.T) {
	for _, role := range []frame.Role{frame.Server, frame.Client} {
		t.Run(role.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Role: role})
				p.stopReading()
				s := c.Stream(frame.Binary)
				var sent bytes.Buffer
				big := bytes.Repeat([]byte("0123456789abcdef"), 20000)
				for range 3 {
					s.SetWriteDeadline(time.Now().Add(time.Second))
					start := time.Now()
					n, err := s.Write(big)
					if err != os.ErrDeadlineExceeded || time.Since(start) != time.Second {
						t.Fatalf("Write: %d bytes, %v after %v", n, err, time.Since(start))
					}
					sent.Write(big[:n])
				}
				s.SetWriteDeadline(time.Time{})
				written := make(chan error)
				go func() {
					_, err := s.Write(big)
					written <- err
				}()
				sent.Write(big)
				p.own.SetWriteBuffer(-1)
				var got bytes.Buffer
				for got.Len() < sent.Len() {
					f, err := p.recv()
					if err != nil || f.Opcode != frame.Binary || len(f.Payload) > streamPieceLen {
						t.Fatalf("the peer receives %v of %d bytes, %v", f.Opcode, len(f.Payload), err)
					}
					got.Write(f.Payload)
				}
				if err := <-written; err != nil || !bytes.Equal(got.Bytes(), sent.Bytes()) {
					t.Errorf("Write: %v; the peer has %d bytes of %d", err, got.Len(), sent.Len())
				}
			})
		})
	}
}

// TestStreamText cuts text between characters.
func TestStreamText(t *testing.T) {
	c, p := newPair(t, Config{})
	s := c.Stream(frame.Text)
	text := "x" + strings.Repeat("日本", streamPieceLen)
	go func() {
		if n, err := io.WriteString(s, text); n != len(text) || err != nil {
			t.Errorf("Write: %d, %v", n, err)
		}
		if n, err := s.Write([]byte("\xe6")); n != 0 || err != frame.ErrSendText {
			t.Errorf("Write of a part of a character: %d, %v", n, err)
		}
		s.Close()
	}()
	var got strings.Builder
	for {
		f, err := p.recv()
		if err != nil || f.Opcode == frame.Close {
			break
		}
		got.Write(f.Payload)
	}
	if got.String() != text {
		t.Errorf("the peer has %d bytes of %d", got.Len(), len(text))
	}
	p.sendClose(frame.StatusNormalClosure, "")
}

// TestStreamClosed has the calls of a closed stream fail.
func TestStreamClosed(t *testing.T) {
	c, _ := newPair(t, Config{})
	s := c.Stream(frame.Binary)
	c.CloseNow()
	_, read := s.Read(make([]byte, 1))
	_, written := s.Write(make([]byte, 1))
	for _, err := range []error{read, written, s.SetDeadline(time.Time{})} {
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("%v, want %v", err, net.ErrClosed)
		}
	}
}
