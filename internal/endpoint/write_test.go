package endpoint

import (
	"bytes"
	"errors"
	"io"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

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

// TestWriteFaults has the write of a frame fail at each of its bytes. The peer
// receives the beginning of the frame, and nothing ever follows it.
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
				wantFatal(t, c, nil) // what the peer has sent can still be received
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
				if _, _, got := c.RecvFrame(); got != c.Fatal() || got.Error() != sendingFailed(err).Error() {
					t.Errorf("RecvFrame: %v, Fatal: %v, want %v", got, c.Fatal(), sendingFailed(err))
				}
				if got, _ := io.ReadAll(p.in); !bytes.Equal(got, whole[:i]) {
					t.Errorf("the peer has % x, want % x", got, whole[:i])
				}
			}
		})
	}
}

// TestSendTimeout has a peer that does not read. That ends sending, and a Recv call
// that waits meanwhile a few seconds later, with no error that is a timeout.
func TestSendTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{SendTimeout: time.Second})
		start := time.Now()
		received := make(chan error)
		go func() {
			_, _, err := c.RecvFrame()
			if took := time.Since(start); took != time.Second+lingerTimeout {
				t.Errorf("RecvFrame took %v", took)
			}
			received <- err
		}()
		synctest.Wait()
		p.own.SetWriteBuffer(5)
		err := c.SendString("too long")
		if took := time.Since(start); !errors.Is(err, os.ErrDeadlineExceeded) || took != time.Second {
			t.Errorf("SendString: %v after %v, want a timeout after a second", err, took)
		}
		wantFatal(t, c, nil)
		if got := <-received; got != c.Fatal() || errors.Is(got, os.ErrDeadlineExceeded) {
			t.Errorf("RecvFrame: %v, Fatal: %v", got, c.Fatal())
		}
	})
}

// TestSendTimeoutIsOfTheWholeCall has a call write twice, and the peer let the
// first write through late.
func TestSendTimeoutIsOfTheWholeCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Timeout: time.Second, MaxSendLen: 30000})
		p.stopReading()
		time.AfterFunc(900*time.Millisecond, func() { p.own.SetWriteBuffer(30004) })
		start := time.Now()
		err := c.SendMessage(frame.Binary, make([]byte, 60000))
		if took := time.Since(start); !errors.Is(err, os.ErrDeadlineExceeded) || took != time.Second {
			t.Errorf("SendMessage: %v after %v, want a timeout after a second", err, took)
		}
		p.wantWrites(2)
	})
}
