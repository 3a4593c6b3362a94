package endpoint

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
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
