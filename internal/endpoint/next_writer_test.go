package endpoint

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/wiretest"
)

// nextWriter begins a message.
func nextWriter(t *testing.T, c *Conn, op frame.Opcode) io.WriteCloser {
	t.Helper()
	w, err := c.NextWriter(op)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// write adds pieces to a message.
func write(t *testing.T, w io.Writer, pieces ...string) {
	t.Helper()
	for _, p := range pieces {
		if n, err := io.WriteString(w, p); n != len(p) || err != nil {
			t.Fatalf("Write = %d, %v", n, err)
		}
	}
}

// newOther returns an endpoint in the place of a peer that is a client.
func newOther(t *testing.T, p *peer, cfg Config) *Conn {
	cfg.Role, cfg.Masked = frame.Client, true
	c := New(p.Conn, &cfg, nil)
	t.Cleanup(func() { c.CloseNow() })
	return c
}

func flush(w io.Writer) error { return w.(interface{ Flush() error }).Flush() }

// TestNextWriter writes messages in pieces and looks at their frames.
func TestNextWriter(t *testing.T) {
	x := strings.Repeat("x", 1<<20)
	for _, test := range []struct {
		name   string
		cfg    Config
		pieces []string // "" is Flush
		frames []int    // their lengths
	}{
		{"5.4/empty", Config{}, nil, []int{0}},
		{"5.4/short", Config{}, []string{x[:10], x[:20]}, []int{30}},
		{"5.4/a_piece", Config{}, []string{x[:pieceLen-1], x[:1]}, []int{pieceLen}},
		{"5.4/a_piece_and_a_byte", Config{}, []string{x[:pieceLen], x[:1]}, []int{pieceLen, 1}},
		{"5.4/over_a_piece", Config{}, []string{x[:100], x[:pieceLen]}, []int{pieceLen, 100}},
		{"5.4/without_copying", Config{}, []string{x[:30000], x[:10]}, []int{30000, 10}},
		{"5.4/long_write", Config{MaxSendLen: -1}, []string{x[:150000]}, []int{65536, 65536, 18928, 0}},
		{"5.4/long_write_in_short_frames", Config{}, []string{x[:70000]}, []int{65535, 4465}},
		{"5.4/flush", Config{}, []string{"", x[:10], "", "", x[:20], ""}, []int{10, 20, 0}},
		{"10.4/MaxSendLen", Config{MaxSendLen: 7}, []string{x[:3], x[:12]}, []int{7, 7, 1}},
	} {
		for _, role := range []frame.Role{frame.Server, frame.Client} {
			for _, noDelay := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%v/no_delay=%t", test.name, role, noDelay), func(t *testing.T) {
					test.cfg.Role, test.cfg.NoDelay = role, noDelay
					c, p := newPair(t, test.cfg)
					w := nextWriter(t, c, frame.Binary)
					for _, piece := range test.pieces {
						if piece != "" {
							write(t, w, piece)
						} else if err := flush(w); err != nil {
							t.Fatal(err)
						}
					}
					if err := w.Close(); err != nil {
						t.Fatal(err)
					}
					op := frame.Binary
					for i, n := range test.frames {
						p.want(i == len(test.frames)-1, op, x[:n])
						op = frame.Continuation
					}
					if err := c.SendString("after"); err != nil {
						t.Fatal(err)
					}
					p.want(true, frame.Text, "after")
				})
			}
		}
	}
}

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

// TestWriterCompresses looks at the first byte of messages, which tells whether they are
// compressed and whole.
func TestWriterCompresses(t *testing.T) {
	long := strings.Repeat("all work and no play ", 10_000)
	for _, test := range []struct {
		name  string
		write func(w io.WriteCloser)
		want  byte
	}{
		{"6.1/below_threshold", func(w io.WriteCloser) { io.WriteString(w, long[:100]) }, 0x81},
		{"6.1/short", func(w io.WriteCloser) { io.WriteString(w, long[:1000]) }, 0xC1},
		{"6.1/empty", func(w io.WriteCloser) {}, 0x81},
		{"6.1/flushed_below_threshold", func(w io.WriteCloser) { io.WriteString(w, long[:100]); flush(w) }, 0x41},
		{"6.1/long", func(w io.WriteCloser) { io.WriteString(w, long) }, 0xC1}, // of few bytes
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newPair(t, Config{Deflate: noTakeover})
			w := nextWriter(t, c, frame.Text)
			test.write(w)
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if first, err := p.in.Peek(1); err != nil || first[0] != test.want {
				t.Errorf("first byte %#x, %v, want %#x", first, err, test.want)
			}
		})
	}
}

// TestWriterToReader sends messages of all sizes in pieces of all sizes, in both
// directions, with all that can be agreed on. Whole messages are among them.
func TestWriterToReader(t *testing.T) {
	for _, takeover := range []bool{false, true} {
		for _, bits := range []int{8, 9, 12, 15} {
			t.Run(fmt.Sprintf("takeover=%v/bits=%d", takeover, bits), func(t *testing.T) {
				d := &handshake.Deflate{
					ServerNoContextTakeover: !takeover, ClientNoContextTakeover: !takeover,
					ServerMaxWindowBits: bits, ClientMaxWindowBits: bits,
				}
				a, b := wiretest.Pipe()
				server := New(a, &Config{Deflate: d}, nil)
				client := New(b, &Config{Deflate: d, Role: frame.Client, Masked: true}, nil)
				defer server.CloseNow()
				defer client.CloseNow()
				for n := range 20 {
					message := mixed(400 * n * n)
					for _, way := range [][2]*Conn{{server, client}, {client, server}} {
						w := nextWriter(t, way[0], frame.Text)
						for p := []byte(message); len(p) > 0; p = p[min(len(p), 1+n*1000):] {
							if _, err := w.Write(p[:min(len(p), 1+n*1000)]); err != nil {
								t.Fatal(err)
							}
							if n%3 == 0 {
								flush(w)
							}
						}
						if err := w.Close(); err != nil {
							t.Fatal(err)
						}
						wantRead(t, way[1], message, frame.Text)
						short := mixed(len(message) / 10)
						way[0].SendString(short)
						w = nextWriter(t, way[0], frame.Binary)
						if n, err := io.Copy(w, struct{ io.Reader }{strings.NewReader(message)}); err != nil || n != int64(len(message)) {
							t.Fatal(n, err)
						}
						w.Close()
						wantMessage(t, way[1], short, frame.Text)
						wantMessage(t, way[1], message, frame.Binary)
					}
				}
			})
		}
	}
}

// TestReadFrom copies from readers that fail or return nothing.
func TestReadFrom(t *testing.T) {
	c, _ := newPair(t, Config{})
	w := nextWriter(t, c, frame.Text).(io.ReaderFrom)
	if n, err := w.ReadFrom(empty{}); n != 0 || err != io.ErrNoProgress {
		t.Errorf("ReadFrom = %d, %v", n, err)
	}
	oops := errors.New("oops")
	broken := io.MultiReader(strings.NewReader("text"), failingReader{oops})
	if n, err := w.ReadFrom(broken); n != 4 || err != oops {
		t.Errorf("ReadFrom = %d, %v", n, err)
	}
	if n, err := w.ReadFrom(strings.NewReader("\xff")); n != 1 || err != frame.ErrSendText {
		t.Errorf("ReadFrom = %d, %v", n, err)
	}
}

type empty struct{}

func (empty) Read([]byte) (int, error) { return 0, nil }

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

// TestWriteAllocatesNothing for a piece of a message.
func TestWriteAllocatesNothing(t *testing.T) {
	for _, d := range []*handshake.Deflate{nil, noTakeover} {
		for _, n := range []int{1000, 40_000} {
			c, p := newTCPPair(t, Config{Timeout: time.Minute, Deflate: d})
			go io.Copy(io.Discard, p.Conn)
			w := nextWriter(t, c, frame.Binary)
			piece := bytes.Repeat([]byte("0123456789"), n/10)
			if got := allocs(func() { w.Write(piece) }); got > 0 {
				t.Errorf("compressed %t, %d bytes: %v allocations", d != nil, n, got)
			}
			p.Close()
		}
	}
}
