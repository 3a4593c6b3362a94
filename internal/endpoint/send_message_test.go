package endpoint

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// recvMessage receives a message and counts its frames. Control frames end the test.
func (p *peer) recvMessage() (message []byte, op frame.Opcode, frames int) {
	p.t.Helper()
	for {
		f, err := p.recv()
		if err != nil || f.Opcode.IsControl() || (f.Opcode == frame.Continuation) != (frames > 0) || f.RSV1 {
			p.t.Fatalf("the peer receives %v, %v as frame %d of a message", f.Opcode, err, frames)
		}
		if frames++; frames == 1 {
			op = f.Opcode
		}
		if message = append(message, f.Payload...); f.Fin {
			return message, op, frames
		}
	}
}

// wantWhole receives a message and checks it.
func (p *peer) wantWhole(want string, op frame.Opcode, frames int) {
	p.t.Helper()
	message, typ, n := p.recvMessage()
	if string(message) != want || typ != op || n != frames {
		p.t.Fatalf("the peer receives %v of %d bytes in %d frames, want %v of %d in %d", typ, len(message), n, op, len(want), frames)
	}
}

// TestSendMessage sends messages of all lengths around the limit of a frame.
func TestSendMessage(t *testing.T) {
	for _, role := range []frame.Role{frame.Server, frame.Client} {
		for _, test := range []struct {
			limit, n, frames int
		}{
			{0, 0, 1},
			{0, 65535, 1},
			{0, 65536, 2},
			{0, 1 << 20, 17},
			{10, 0, 1},
			{10, 10, 1},
			{10, 11, 2},
			{10, 20, 2},
			{10, 21, 3},
			{1, 3, 3},
			{-1, 1 << 20, 1},
		} {
			t.Run(fmt.Sprintf("5.4/%v/limit=%d/size=%d", role, test.limit, test.n), func(t *testing.T) {
				for _, op := range []frame.Opcode{frame.Text, frame.Binary} {
					c, p := newPair(t, Config{Role: role, MaxSendLen: test.limit})
					payload := bytes.Repeat([]byte("payload!"), test.n/8+1)[:test.n]
					if err := c.SendMessage(op, payload); err != nil {
						t.Fatal(err)
					}
					if want := strings.Repeat("payload!", test.n/8+1)[:test.n]; string(payload) != want {
						t.Error("the argument was modified")
					}
					p.wantWhole(string(payload), op, test.frames)
				}
			})
		}
	}
}

// TestSendMessageBack sends back what RecvMessage has taken in fragments, over
// connections of all kinds.
func TestSendMessageBack(t *testing.T) {
	for _, transport := range transports {
		t.Run("5.4/"+transport.name, func(t *testing.T) {
			c, p := transport.pair(t, Config{})
			message := strings.Repeat("0123456789abcdef", 1<<16) // 1 MiB, which is the default limit
			go func() {
				for i := range 32 {
					op := frame.Continuation
					if i == 0 {
						op = frame.Text
					}
					p.send(i == 31, op, message[i<<15:][:1<<15])
				}
			}()
			data, typ, err := c.RecvMessage()
			if err != nil {
				t.Fatal(err)
			}
			sent := make(chan error)
			go func() { sent <- c.SendMessage(typ, data) }()
			p.wantWhole(message, frame.Text, 17)
			if err := <-sent; err != nil {
				t.Error(err)
			}
		})
	}
}

// TestSendMessageOfCharacters cuts text inside each of its characters.
func TestSendMessageOfCharacters(t *testing.T) {
	for limit := 1; limit <= 13; limit++ {
		c, p := newPair(t, Config{MaxSendLen: limit})
		text := "aé€😀é€😀bc"
		if err := c.SendMessage(frame.Text, []byte(text)); err != nil {
			t.Errorf("in frames of %d bytes: %v", limit, err)
		}
		p.wantWhole(text, frame.Text, (len(text)+limit-1)/limit)
	}
}

// TestSendMessageRefuses has messages refused. Nothing of them is sent, and sending
// goes on.
func TestSendMessageRefuses(t *testing.T) {
	broken := func(at, n int) []byte {
		b := []byte(strings.Repeat("x", n))
		b[at] = 0xff
		return b
	}
	for _, test := range []struct {
		name string
		op   frame.Opcode
		p    []byte
		want error
	}{
		{"8.1/first_byte", frame.Text, broken(0, 35), frame.ErrSendText},
		{"8.1/before_the_border", frame.Text, broken(9, 35), frame.ErrSendText},
		{"8.1/behind_the_border", frame.Text, broken(10, 35), frame.ErrSendText},
		{"8.1/last_byte", frame.Text, broken(34, 35), frame.ErrSendText},
		{"8.1/one_frame", frame.Text, broken(5, 10), frame.ErrSendText},
		{"8.1/character_cut_off", frame.Text, []byte("0123456789abc\xe2\x82"), frame.ErrSendText},
		{"5.4/nothing_to_continue", frame.Continuation, []byte("x"), frame.ErrSendFrame},
		{"10.4/continuation_over_the_limit", frame.Continuation, make([]byte, 11), frame.ErrSendTooLong},
		{"5.2/reserved_opcode", 3, make([]byte, 5), frame.ErrSendFrame},
		{"5.5/ping", frame.Ping, make([]byte, 126), frame.ErrSendFrame},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newPair(t, Config{MaxSendLen: 10})
			if err := c.SendMessage(test.op, test.p); !errors.Is(err, test.want) {
				t.Errorf("SendMessage: %v, want %v", err, test.want)
			}
			wantFatal(t, c, nil)
			if err := c.SendMessage(frame.Text, []byte("this goes on")); err != nil {
				t.Error(err)
			}
			p.wantWhole("this goes on", frame.Text, 2)
			c.CloseNow()
			p.wantEnd()
		})
	}
}

// TestSendMessageInsideMessage has a message begin inside a fragmented one of
// somebody else.
func TestSendMessageInsideMessage(t *testing.T) {
	for _, n := range []int{5, 35} {
		c, p := newPair(t, Config{MaxSendLen: 10})
		if err := c.SendFrame(false, frame.Text, []byte("one ")); err != nil {
			t.Fatal(err)
		}
		if err := c.SendMessage(frame.Binary, make([]byte, n)); !errors.Is(err, frame.ErrSendFrame) {
			t.Errorf("SendMessage of %d bytes: %v, want %v", n, err, frame.ErrSendFrame)
		}
		if err := c.SendFrame(true, frame.Continuation, []byte("message")); err != nil {
			t.Error(err)
		}
		if err := c.SendMessage(frame.Text, []byte("another one")); err != nil {
			t.Error(err)
		}
		p.wantWhole("one message", frame.Text, 2)
		p.wantWhole("another one", frame.Text, 2)
	}
}

// TestSendMessageControl sends a Ping as SendFrame does.
func TestSendMessageControl(t *testing.T) {
	c, p := newPair(t, Config{})
	if err := c.SendMessage(frame.Ping, []byte("ping")); err != nil {
		t.Error(err)
	}
	p.want(true, frame.Ping, "ping")
}

// TestSendMessagesDoNotMix has goroutines send messages of several frames.
func TestSendMessagesDoNotMix(t *testing.T) {
	const senders, messages = 4, 20
	c, p := newPair(t, Config{MaxSendLen: 100})
	p.own.SetWriteBuffer(70)
	var wg sync.WaitGroup
	for i := range senders {
		wg.Go(func() {
			for range messages {
				if err := c.SendMessage(frame.Text, bytes.Repeat([]byte{byte('a' + i)}, 950)); err != nil {
					t.Errorf("SendMessage: %v", err)
				}
			}
		})
	}
	for range senders * messages {
		message, _, frames := p.recvMessage()
		if frames != 10 || strings.Trim(string(message), string(message[:1])) != "" {
			t.Fatalf("a message of %d frames begins with %.40q", frames, message)
		}
	}
	wg.Wait()
}

// TestSendMessageTimeout has the peer take the beginning of a message. It cannot be
// taken back: sending ends.
func TestSendMessageTimeout(t *testing.T) {
	for _, n := range []int{30, 300_000} { // which is written at once, and in parts
		synctest.Test(t, func(t *testing.T) {
			c, p := newPair(t, Config{Timeout: time.Second, MaxSendLen: 10})
			p.own.SetWriteBuffer(15)
			start := time.Now()
			err := c.SendMessage(frame.Binary, make([]byte, n))
			if took := time.Since(start); !errors.Is(err, os.ErrDeadlineExceeded) || took != time.Second {
				t.Errorf("SendMessage: %v after %v, want a timeout after a second", err, took)
			}
			p.own.SetWriteBuffer(-1)
			if again := c.SendMessage(frame.Binary, nil); again != err {
				t.Errorf("SendMessage: %v, want %v", again, err)
			}
			if again := c.SendString("x"); again != err {
				t.Errorf("SendString: %v, want %v", again, err)
			}
			p.send(true, frame.Text, "still heard")
			wantMessage(t, c, "still heard", frame.Text)
			p.want(false, frame.Binary, strings.Repeat("\x00", 10))
			c.CloseNow()
			if b, err := io.ReadAll(p.in); len(b) != 3 || err != nil {
				t.Errorf("the peer receives % x and %v after the timeout", b, err)
			}
		})
	}
}

// TestSendMessageTimeoutIsOfTheWholeCall has a message take several writes, and the peer
// let the first one through late.
func TestSendMessageTimeoutIsOfTheWholeCall(t *testing.T) {
	for frames := 2; frames <= 3; frames++ {
		synctest.Test(t, func(t *testing.T) {
			c, p := newPair(t, Config{Timeout: time.Second})
			p.stopReading()
			time.AfterFunc(900*time.Millisecond, func() { p.own.SetWriteBuffer(defaultMaxPayloadLen + 10) })
			start := time.Now()
			err := c.SendMessage(frame.Binary, make([]byte, frames*defaultMaxPayloadLen))
			if took := time.Since(start); !errors.Is(err, os.ErrDeadlineExceeded) || took != time.Second {
				t.Errorf("SendMessage: %v after %v, want a timeout after a second", err, took)
			}
			p.wantWrites(2)
		})
	}
}

// TestSendMessageDeflate sends messages of one frame, which are compressed, and of
// more, which are not.
func TestSendMessageDeflate(t *testing.T) {
	own, other := tcpPipe(t)
	a := New(own, &Config{Deflate: takeover, MaxSendLen: 1000}, nil)
	b := New(other, &Config{Deflate: takeover, Role: frame.Client, Masked: true}, nil)
	defer a.CloseNow()
	defer b.CloseNow()
	for _, n := range []int{900, 5000, 900, 100, 1001, 1000} {
		message := mixed(n)
		if err := a.SendMessage(frame.Text, []byte(message)); err != nil {
			t.Fatal(err)
		}
		wantMessage(t, b, message, frame.Text)
	}
	for _, n := range []int{1000, 1001} {
		c, p := newPair(t, Config{Deflate: takeover, MaxSendLen: 1000})
		if err := c.SendMessage(frame.Text, []byte(strings.Repeat("0123456789", 101)[:n])); err != nil {
			t.Fatal(err)
		}
		if f, err := p.recv(); err != nil || f.RSV1 != (n <= 1000) || f.Fin != f.RSV1 {
			t.Errorf("%d bytes: compressed %t, FIN %t, %v", n, f.RSV1, f.Fin, err)
		}
	}
}
