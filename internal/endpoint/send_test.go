package endpoint

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// TestSend sends frames of all sizes and kinds: each leaves with one write, and
// the argument stays as it was.
func TestSend(t *testing.T) {
	for _, role := range []frame.Role{frame.Server, frame.Client} {
		for _, n := range []int{0, 1, 125, 126, 8191, 8192, 65535, 65536, 1 << 20} {
			t.Run(fmt.Sprintf("5.2/%v/size=%d", role, n), func(t *testing.T) {
				c, p := newPair(t, Config{Role: role, MaxSendLen: -1})
				payload := bytes.Repeat([]byte("payload!"), n/8+1)[:n]
				before := string(payload)
				if err := c.SendFrame(true, frame.Binary, payload); err != nil {
					t.Fatal(err)
				}
				if err := c.SendString(before); err != nil {
					t.Fatal(err)
				}
				if string(payload) != before {
					t.Error("the argument was modified")
				}
				wiretest.Scribble(payload)
				if p.own.Writes() != 2 {
					t.Errorf("%d writes for two frames", p.own.Writes())
				}
				p.want(true, frame.Binary, before)
				p.want(true, frame.Text, before)
			})
		}
	}
}

// TestSendVectored is TestSend for payloads that the kernel gathers.
func TestSendVectored(t *testing.T) {
	c, p := newTCPPair(t, Config{MaxSendLen: -1})
	for _, n := range []int{minVectored - 1, minVectored, 65536, 4 << 20} {
		payload := bytes.Repeat([]byte("payload!"), n/8+1)[:n]
		sent := make(chan error)
		go func() { sent <- c.SendFrame(true, frame.Binary, payload) }()
		p.want(true, frame.Binary, string(bytes.Repeat([]byte("payload!"), n/8+1)[:n]))
		if err := <-sent; err != nil {
			t.Errorf("SendFrame of %d bytes: %v", n, err)
		}
	}
}

// TestSendRefused has frames refused: nothing is sent, and the connection goes
// on.
func TestSendRefused(t *testing.T) {
	for _, test := range []struct {
		name string
		send func(c *Conn) error
		want error
	}{
		{"5.2/reserved_opcode", func(c *Conn) error { return c.SendFrame(true, 3, nil) }, frame.ErrBadFrame},
		{"5.4/nothing_to_continue", func(c *Conn) error { return c.SendFrame(true, frame.Continuation, nil) }, frame.ErrBadFrame},
		{"5.5/fragmented_control_frame", func(c *Conn) error { return c.SendFrame(false, frame.Ping, nil) }, frame.ErrBadFrame},
		{"5.5/control_frame_of_126_bytes", func(c *Conn) error { return c.SendFrame(true, frame.Pong, make([]byte, 126)) }, frame.ErrBadFrame},
		{"5.6/text_that_is_not_utf8", func(c *Conn) error { return c.SendString("\xff") }, frame.ErrBadText},
		{"7.4/status_code", func(c *Conn) error { return c.SendClose(1005, "") }, frame.ErrBadStatusCode},
		{"10.4/payload", func(c *Conn) error { return c.SendFrame(true, frame.Binary, make([]byte, 1001)) }, frame.ErrPayloadTooBig},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newPair(t, Config{MaxSendLen: 1000})
			if err := test.send(c); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
			wantFatal(t, c, nil)
			if err := c.SendString("goes on"); err != nil {
				t.Error(err)
			}
			c.CloseNow()
			p.want(true, frame.Text, "goes on")
			p.wantEnd()
		})
	}
}

// TestSendFragments sends a message in fragments with a control frame between.
func TestSendFragments(t *testing.T) {
	c, p := newPair(t, Config{})
	c.SendFrame(false, frame.Text, []byte("one"))
	if err := c.SendFrame(true, frame.Text, nil); !errors.Is(err, frame.ErrBadFrame) {
		t.Errorf("a message inside a message: %v", err)
	}
	c.SendFrame(true, frame.Ping, []byte("ping"))
	c.SendFrame(true, frame.Continuation, []byte("two"))
	p.want(false, frame.Text, "one")
	p.want(true, frame.Ping, "ping")
	p.want(true, frame.Continuation, "two")
}

// TestWriteFaults has the write of a frame fail at each of its bytes. What got
// out is the beginning of the frame, and nothing ever follows it.
func TestWriteFaults(t *testing.T) {
	oops := errors.New("oops")
	for _, test := range []struct {
		name string
		err  error
		want error
	}{
		{"broken_pipe", syscall.EPIPE, syscall.EPIPE},
		{"timeout", os.ErrDeadlineExceeded, os.ErrDeadlineExceeded},
		{"anything", oops, oops},
		{"too_little_written_and_no_error", nil, io.ErrShortWrite},
	} {
		t.Run(test.name, func(t *testing.T) {
			whole := append([]byte{0x81, 11}, "hello world"...)
			for i := range whole {
				c, p := newPair(t, Config{})
				p.own.ScriptWrites(wiretest.Step{N: i, Err: test.err})
				err := c.SendFrame(true, frame.Text, whole[2:])
				if !errors.Is(err, test.want) {
					t.Fatalf("SendFrame: %v, want %v", err, test.want)
				}
				wantFatal(t, c, err)
				for _, again := range []error{
					c.SendFrame(true, frame.Text, nil),
					c.SendFrame(true, frame.Ping, nil),
					c.SendClose(frame.StatusNormalClosure, ""),
					c.Flush(),
					c.Close(frame.StatusNormalClosure),
				} {
					if again != err {
						t.Errorf("afterwards: %v, want %v", again, err)
					}
				}
				wantFrame(t, c, "", 0, err)
				if got, _ := io.ReadAll(p.in); !bytes.Equal(got, whole[:i]) {
					t.Errorf("the peer has % x, want % x", got, whole[:i])
				}
			}
		})
	}
}

// TestSendTimeout has a peer that does not read. Whoever receives meanwhile
// hears of it.
func TestSendTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		received := make(chan error)
		go func() {
			_, _, err := c.RecvFrame()
			received <- err
		}()
		synctest.Wait()
		c.SetTimeout(time.Second)
		p.own.SetWriteBuffer(5)
		start := time.Now()
		err := c.SendString("too long")
		if took := time.Since(start); !errors.Is(err, os.ErrDeadlineExceeded) || took != time.Second {
			t.Errorf("SendString: %v after %v, want a timeout after a second", err, took)
		}
		if got := <-received; got != err {
			t.Errorf("RecvFrame: %v, want %v", got, err)
		}
		wantFatal(t, c, err)
	})
}

// TestSendTimeoutIsOfTheWholeCall has a call write twice, and the peer let the
// first write through late.
func TestSendTimeoutIsOfTheWholeCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Timeout: time.Second, Cork: true})
		c.send.cork.in.Store(true)
		if err := c.SendFrame(true, frame.Binary, make([]byte, 60000)); err != nil {
			t.Fatal(err)
		}
		p.stopReading()
		c.send.cork.in.Store(false)
		time.AfterFunc(900*time.Millisecond, func() { p.own.SetWriteBuffer(60004) })
		start := time.Now()
		err := c.SendFrame(true, frame.Binary, make([]byte, 60000))
		if took := time.Since(start); !errors.Is(err, os.ErrDeadlineExceeded) || took != time.Second {
			t.Errorf("SendFrame: %v after %v, want a timeout after a second", err, took)
		}
		p.wantWrites(2)
	})
}

// TestSendersDoNotMix has goroutines send through a connection that takes a
// few bytes at a time, while it receives.
func TestSendersDoNotMix(t *testing.T) {
	for _, transport := range []struct {
		name string
		pair func(t *testing.T, cfg Config) (*Conn, *peer)
		step int // by which a sender's frames become longer
	}{
		{"memory", newPair, 10},
		{"tcp", newTCPPair, 400}, // some of them vectored
	} {
		t.Run(transport.name, func(t *testing.T) {
			const senders, frames = 8, 50
			c, p := transport.pair(t, Config{Cork: true})
			if p.own != nil {
				p.own.SetWriteBuffer(7)
			}
			var wg sync.WaitGroup
			for i := range senders {
				wg.Go(func() {
					for j := range frames {
						if err := c.SendString(strings.Repeat(string(rune('a'+i)), 1+j*transport.step)); err != nil {
							t.Errorf("SendString: %v", err)
						}
					}
				})
			}
			wg.Go(func() {
				for range frames {
					wantFrame(t, c, "meanwhile", frame.Text, nil)
				}
			})
			wg.Go(func() {
				for range frames {
					p.send(true, frame.Text, "meanwhile")
				}
			})
			got := map[byte]int{}
			for range senders * frames {
				f, err := p.recv()
				if err != nil {
					t.Fatal(err)
				}
				sender, j := f.Payload[0], got[f.Payload[0]]
				if want := bytes.Repeat([]byte{sender}, 1+j*transport.step); !bytes.Equal(f.Payload, want) {
					t.Fatalf("frame %d of %c is %.40q of %d bytes", j, sender, f.Payload, len(f.Payload))
				}
				got[sender]++
			}
			wg.Wait()
		})
	}
}
