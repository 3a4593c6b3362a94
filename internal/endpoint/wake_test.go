package endpoint

import (
	"errors"
	"io"
	"math"
	"net"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// TestStuckSenderEnds has a sender wait for a peer that does not read, and the
// connection end meanwhile. The sender does not outlast the end by more than it takes
// to say goodbye.
func TestStuckSenderEnds(t *testing.T) {
	isClosed := func(err error) bool { return err == net.ErrClosed }
	isTimeout := func(err error) bool { return err == os.ErrDeadlineExceeded }
	for _, test := range []struct {
		name    string
		timeout time.Duration // of what the receiver does; the sender has none
		end     func(c *Conn, p *peer)
		took    time.Duration
		is      func(err error) bool // of the stuck send
	}{
		{"7.1.7/fault", 0, func(c *Conn, p *peer) { p.send(true, frame.Continuation, ""); c.RecvFrame() },
			closeTimeout, func(err error) bool { return errors.Is(err, frame.ErrFragmentOrder) }},
		{"7.1.7/fault_with_timeout", 2 * time.Second, func(c *Conn, p *peer) { p.send(true, frame.Continuation, ""); c.RecvFrame() },
			2 * time.Second, func(err error) bool { return errors.Is(err, frame.ErrFragmentOrder) }},
		{"10.4/message_too_long", 0, func(c *Conn, p *peer) { p.send(true, frame.Text, "too long for it"); c.RecvMessage() },
			closeTimeout, func(err error) bool { return errors.Is(err, ErrMessageTooLong) }},
		{"5.5.1/close_answered", 0, func(c *Conn, p *peer) { p.sendClose(4000, ""); c.RecvMessage() }, closeTimeout, isTimeout},
		{"7.1.5/end_of_TCP", 0, func(c *Conn, p *peer) { p.Conn.(*wiretest.Conn).CloseWrite(); c.RecvFrame() },
			0, func(err error) bool { return err == io.EOF }},
		{"7.1.5/end_of_TCP_inside_a_frame", 0, func(c *Conn, p *peer) {
			p.sendBytes([]byte{0x81})
			p.Conn.(*wiretest.Conn).CloseWrite()
			c.RecvMessage()
		},
			0, func(err error) bool { return err == io.ErrUnexpectedEOF }},
		{"7.1.1/Close", 0, func(c *Conn, p *peer) { c.Close(frame.StatusNormalClosure) }, closeTimeout, func(err error) bool { return isTimeout(err) || isClosed(err) }},
		{"7.1.1/CloseNow", 0, func(c *Conn, p *peer) { c.CloseNow() }, 0, isClosed},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{MaxMessageLen: 10})
				p.stopReading()
				stuck := make(chan error, 1)
				waits(func() { stuck <- c.SendString("stuck") })
				c.SetTimeout(test.timeout)
				start := time.Now()
				go test.end(c, p)
				err := <-stuck
				if took := time.Since(start); took != test.took {
					t.Errorf("the send ends after %v, want %v", took, test.took)
				}
				if !test.is(err) {
					t.Errorf("SendString: %v, Fatal: %v", err, c.Fatal())
				}
				synctest.Wait()
				start = time.Now()
				if err := c.SendString("x"); err == nil || time.Since(start) != 0 {
					t.Errorf("SendString: %v after %v", err, time.Since(start))
				}
			})
		})
	}
}

// TestCloseWakesReceiver has a receiver wait when Close is called. The receiver gets
// the answer to the Close frame, and Close returns.
func TestCloseWakesReceiver(t *testing.T) {
	for _, transport := range transports {
		t.Run("7.1.2/"+transport.name, func(t *testing.T) {
			c, p := transport.pair(t, Config{})
			received := make(chan error)
			go func() {
				_, _, err := c.RecvFrame()
				received <- err
			}()
			go p.send(true, frame.Ping, "")
			if err := <-received; err != nil {
				t.Fatal(err)
			}
			go func() {
				_, _, err := c.RecvFrame()
				received <- err
			}()
			closed := make(chan error)
			go func() { closed <- c.Close(frame.StatusNormalClosure) }()
			p.wantClose(frame.StatusNormalClosure)
			go p.sendClose(frame.StatusNormalClosure, "bye")
			wantClosed(t, <-received, frame.StatusNormalClosure, "bye")
			if err := <-closed; err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
}

// A lazy connection does not close before the calls that wait have returned. A
// deadline is the only way to make them.
type lazy struct {
	*wiretest.Conn
	calls sync.WaitGroup
}

func (c *lazy) Read(p []byte) (int, error) {
	c.calls.Add(1)
	defer c.calls.Done()
	return c.Conn.Read(p)
}

func (c *lazy) Write(p []byte) (int, error) {
	c.calls.Add(1)
	defer c.calls.Done()
	return c.Conn.Write(p)
}

func (c *lazy) Close() error {
	c.calls.Wait()
	return c.Conn.Close()
}

// TestCloseNowIsNoTimeout has CloseNow end waits by a deadline. Their error is
// net.ErrClosed and not the one of the deadline.
func TestCloseNowIsNoTimeout(t *testing.T) {
	for _, test := range []struct {
		name string
		wait func(c *Conn) error
	}{
		{"RecvFrame", func(c *Conn) error { _, _, err := c.RecvFrame(); return err }},
		{"RecvMessage", func(c *Conn) error { _, _, err := c.RecvMessage(); return err }},
		{"SendString", func(c *Conn) error { return c.SendString("x") }},
		{"SendMessage", func(c *Conn) error { return c.SendMessage(frame.Binary, make([]byte, 200_000)) }},
		{"Close", func(c *Conn) error { return c.Close(frame.StatusNormalClosure) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				own, other := wiretest.Pipe()
				own.SetWriteBuffer(0)
				c, _ := connect(t, Config{Timeout: time.Hour}, &lazy{Conn: own}, other)
				done := make(chan error, 1)
				waits(func() { done <- test.wait(c) })
				start := time.Now()
				c.CloseNow()
				if err := <-done; err != net.ErrClosed || time.Since(start) != 0 {
					t.Errorf("%v after %v, want %v at once", err, time.Since(start), net.ErrClosed)
				}
				wantFatal(t, c, net.ErrClosed)
			})
		})
	}
}

// TestTimeoutOfCenturies has a Timeout that ends after any moment an instant can tell,
// or shortly before.
func TestTimeoutOfCenturies(t *testing.T) {
	const year = 365 * 24 * time.Hour
	for _, timeout := range []time.Duration{math.MaxInt64, math.MaxInt64 - 1, 290 * year, 219 * year, 218 * year, 190 * year, 100 * year} {
		for _, pair := range []func(t *testing.T, cfg Config) (*Conn, *peer){newPair, newPlainPair} {
			synctest.Test(t, func(t *testing.T) {
				c, p := pair(t, Config{Timeout: timeout})
				time.AfterFunc(year, func() { p.send(true, frame.Text, "late") })
				wantFrame(t, c, "late", frame.Text, nil)
				p.stopReading()
				time.AfterFunc(year, func() { p.own.SetWriteBuffer(-1) })
				if err := c.SendString("late"); err != nil {
					t.Errorf("SendString with a Timeout of %v: %v", timeout, err)
				}
				p.want(true, frame.Text, "late")
			})
		}
		c, p := newTCPPair(t, Config{Timeout: timeout})
		go p.send(true, frame.Text, "soon")
		wantFrame(t, c, "soon", frame.Text, nil)
		if err := c.SendString("soon"); err != nil {
			t.Errorf("SendString with a Timeout of %v: %v", timeout, err)
		}
		p.want(true, frame.Text, "soon")
	}
}
