package endpoint

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

func TestEarlier(t *testing.T) {
	one, two := instant(1), instant(2)
	for _, test := range []struct{ a, b, want instant }{
		{never, never, never},
		{one, never, one},
		{never, one, one},
		{one, two, one},
		{two, one, one},
		{one, one, one},
		{past, one, past},
	} {
		if got := earlier(test.a, test.b); got != test.want {
			t.Errorf("earlier(%v, %v) = %v, want %v", test.a, test.b, got, test.want)
		}
	}
}

// TestAlarm follows the deadline of a connection, and counts how often it is set.
func TestDeadline(t *testing.T) {
	var a deadline
	var d counted
	arm := func(t instant) func() {
		return func() { a.arm(&d, t) }
	}
	lower := func(t instant) func() {
		return func() { a.lower(&d, t) }
	}
	for i, step := range []struct {
		do       func()
		want     instant
		wantSets int
	}{
		{arm(never), never, 0},
		{arm(30), 30, 1},
		{arm(30), 30, 1},
		{arm(never), never, 2},
		{arm(40), 40, 3},
		{lower(50), 40, 3}, // a wait does not become longer
		{arm(60), 50, 4},
		{arm(never), 50, 4},
		{lower(55), 50, 4}, // the limit stays where it is lower
		{lower(45), 45, 5},
		{arm(60), 45, 5},
		{arm(20), 20, 6},
		{lower(never), 20, 6},
	} {
		if step.do(); d.deadline != step.want || d.sets != step.wantSets {
			t.Errorf("step %d: deadline %v after %d sets, want %v after %d", i, d.deadline, d.sets, step.want, step.wantSets)
		}
	}
}

// counted is a direction that counts how often its deadline is set.
type counted struct {
	deadline instant
	sets     int
	lowest   instant
}

func (d *counted) setDeadline(t instant) error {
	d.deadline = t
	d.sets++
	return nil
}

func (d *counted) abortAt(instant) {}

func (d *counted) limit() instant            { return d.lowest }
func (d *counted) setLimit(t instant)        { d.lowest = t }
func (d *counted) bounded(t instant) instant { return earlier(d.lowest, t) }

func TestRecvTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Timeout: time.Second})
		for range 2 {
			wantTimeout(t, c, time.Second)
			wantFatal(t, c, nil)
		}
		c.SetTimeout(time.Minute)
		wantTimeout(t, c, time.Minute)
		p.send(true, frame.Text, "late")
		wantFrame(t, c, "late", frame.Text, nil)
		c.SetTimeout(0)
		time.AfterFunc(time.Hour, func() { p.send(true, frame.Text, "later") })
		wantFrame(t, c, "later", frame.Text, nil)
		c.SetTimeout(-time.Second)
		time.AfterFunc(time.Hour, func() { p.send(true, frame.Text, "even later") })
		wantFrame(t, c, "even later", frame.Text, nil)
	})
}

// wantTimeout checks that RecvFrame times out after d.
func wantTimeout(t *testing.T, c *Conn, d time.Duration) {
	t.Helper()
	start := time.Now()
	wantFrame(t, c, "", 0, os.ErrDeadlineExceeded)
	if took := time.Since(start); took != d {
		t.Fatalf("RecvFrame timed out after %v, want %v", took, d)
	}
}

// TestRecvTimeoutIsOfTheWholeCall has the peer send a byte a second, which
// must not make a call last longer.
func TestRecvTimeoutIsOfTheWholeCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Role: frame.Client, Timeout: 3 * time.Second})
		for i, b := range []byte("\x81\x08slowness") {
			time.AfterFunc(time.Duration(i)*time.Second+time.Second/2, func() { p.sendBytes([]byte{b}) })
		}
		for range 3 {
			wantTimeout(t, c, 3*time.Second)
		}
		wantFrame(t, c, "slowness", frame.Text, nil)
	})
}

// TestRecvTimeoutPastAnEarlierOne has calls on a socket wait beyond the deadline of an
// earlier call, which is the one that is set, and then time out in their own time.
//
// The clock of a synctest bubble stands still while a goroutine waits for a socket. The
// test therefore changes the deadline that is set: it passes at once, and the time of the
// call is too long to pass.
func TestRecvTimeoutPastAnEarlierOne(t *testing.T) {
	const moment = 10 * time.Millisecond
	c, p := newTCPPair(t, Config{Timeout: moment})
	defer time.AfterFunc(time.Minute, func() { p.Close() }).Stop() // fails a call that waits too long
	wantFrame(t, c, "", 0, os.ErrDeadlineExceeded)                 // sets a deadline, which passes
	c.SetTimeout(time.Hour)
	p.send(true, frame.Text, "late")
	wantFrame(t, c, "late", frame.Text, nil) // sets one that will not pass by itself
	for range 6 {
		c.NetConn().SetReadDeadline(time.Now().Add(moment))
		time.AfterFunc(2*moment, func() { p.send(true, frame.Text, "later") })
		wantFrame(t, c, "later", frame.Text, nil)
	}
	for _, d := range []time.Duration{2 * moment, moment, 4 * moment} {
		c.SetTimeout(d)
		start := time.Now()
		wantFrame(t, c, "", 0, os.ErrDeadlineExceeded)
		if took := time.Since(start); took < d {
			t.Errorf("RecvFrame timed out after %v, want %v", took, d)
		}
	}
}

// TestSetTimeoutIsForTheCallsThatFollow sets one while a call is under way that
// has none.
func TestSetTimeoutIsForTheCallsThatFollow(t *testing.T) {
	t.Run("RecvFrame", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, p := newPair(t, Config{})
			late := p.frame(true, frame.Text, "late")
			time.AfterFunc(time.Second, func() {
				c.SetTimeout(time.Second)
				p.sendBytes(late[:5])
			})
			time.AfterFunc(time.Minute, func() { p.sendBytes(late[5:]) })
			wantFrame(t, c, "late", frame.Text, nil)
			wantTimeout(t, c, time.Second)
		})
	})
	t.Run("SendFrame", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, p := newPair(t, Config{})
			p.sendTogether("one", "two")
			wantFrame(t, c, "one", frame.Text, nil)
			if err := c.SendString("held back"); err != nil {
				t.Fatal(err)
			}
			wantFrame(t, c, "two", frame.Text, nil)
			p.stopReading()
			time.AfterFunc(time.Second, func() {
				c.SetTimeout(time.Second)
				p.own.SetWriteBuffer(20)
			})
			time.AfterFunc(time.Minute, func() { p.own.SetWriteBuffer(-1) })
			// It takes two writes.
			if err := c.SendFrame(true, frame.Binary, make([]byte, maxPending-10)); err != nil {
				t.Error(err)
			}
		})
	})
}

// TestRecvTimeoutInAFlood has a peer that never makes the call wait: the kernel has what
// the call reads in several reads.
func TestRecvTimeoutInAFlood(t *testing.T) {
	c, p := newTCPPair(t, Config{Timeout: time.Nanosecond})
	flood := make([]byte, 0, 3*readLen)
	for len(flood) < cap(flood) {
		flood = frame.AppendFrame(flood, frame.Header{Fin: true, Opcode: frame.Pong, Masked: true, Length: 122}, make([]byte, 122))
	}
	p.sendBytes(flood)
	p.send(true, frame.Text, "and then")
	if _, _, err := c.RecvMessage(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("RecvMessage: %v, want a timeout", err)
	}
	c.SetTimeout(0)
	wantMessage(t, c, "and then", frame.Text)
}

// TestRecvLimitDoesNotProlong has somebody else limit a wait that is to end
// before the limit anyway.
func TestRecvLimitDoesNotProlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newPair(t, Config{Timeout: time.Second})
		time.AfterFunc(time.Second/2, func() { c.limitRecv(after(time.Hour)) })
		wantTimeout(t, c, time.Second)
	})
}

// TestForeignDeadline has the caller set a deadline underneath, which makes
// itself felt like a timeout and leads to nothing else.
func TestForeignDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		c.NetConn().SetReadDeadline(time.Now().Add(time.Second))
		wantTimeout(t, c, time.Second)
		wantFatal(t, c, nil)
		c.NetConn().SetReadDeadline(time.Time{})
		p.send(true, frame.Text, "again")
		wantFrame(t, c, "again", frame.Text, nil)
	})
}

// lateError is a timeout and nothing else.
type lateError struct{}

func (lateError) Error() string   { return "late" }
func (lateError) Timeout() bool   { return true }
func (lateError) Temporary() bool { return true }

// TestExpired has net.Conns say in different ways that a deadline has passed.
func TestExpired(t *testing.T) {
	for _, test := range []struct {
		err  error
		want bool // if a deadline that is set has passed
		ever bool // if not
	}{
		{os.ErrDeadlineExceeded, true, true},
		{fmt.Errorf("read: %w", os.ErrDeadlineExceeded), true, true},
		{lateError{}, true, false},
		{fmt.Errorf("read: %w", lateError{}), true, false},
		{&net.OpError{Op: "read", Err: syscall.ETIMEDOUT}, true, false},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, false, false},
		{fmt.Errorf("read: %w", io.ErrUnexpectedEOF), false, false},
		{io.EOF, false, false},
	} {
		passed, none := deadline{armed: past}, deadline{}
		if got := passed.expired(test.err); got != test.want {
			t.Errorf("%v behind the deadline: %t", test.err, got)
		}
		if got := none.expired(test.err); got != test.ever {
			t.Errorf("%v without a deadline: %t", test.err, got)
		}
	}
}
