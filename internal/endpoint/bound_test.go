package endpoint

import (
	"context"
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// recvBound is RecvMessage bounded by ctx.
func recvBound(c *Conn, ctx context.Context) (string, error) {
	c.SetRecvContext(ctx)
	data, _, err := c.RecvMessage()
	c.SetRecvContext(context.Background())
	return string(data), err
}

// The context ends a call whenever it is done, and nothing else.
func TestSetRecvContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Timeout: time.Minute})
		b := p.frame(true, frame.Text, "hello")
		start := time.Now()
		for i := range b { // inside a frame too
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if data, err := recvBound(c, ctx); data != "" || err != os.ErrDeadlineExceeded {
				t.Fatalf("after %d bytes: %q, %v", i, data, err)
			}
			if took, want := time.Since(start), time.Duration(i+1)*time.Second; took != want {
				t.Fatalf("%d calls took %v", i+1, took)
			}
			p.sendBytes(b[i : i+1])
		}
		wantMessage(t, c, "hello", frame.Text) // for which no context is set
		wantFatal(t, c, nil)

		start = time.Now()
		if _, _, err := c.RecvMessage(); err != os.ErrDeadlineExceeded || time.Since(start) != time.Minute {
			t.Errorf("without a context: %v after %v", err, time.Since(start))
		}
	})
}

// A call that is under way takes a context over, and a context that is done does not
// let it wait. If the context is taken away, the call goes on.
func TestSetRecvContextUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		done, cancel := context.WithCancel(t.Context())
		cancel()
		for range 2 { // until another context is set
			c.SetRecvContext(done)
			if _, _, err := c.RecvMessage(); err != os.ErrDeadlineExceeded {
				t.Errorf("with a context that is done: %v", err)
			}
		}
		c.SetRecvContext(t.Context())
		result := make(chan error)
		recv := func() { _, _, err := c.RecvMessage(); result <- err }
		go recv()
		synctest.Wait()
		c.SetRecvContext(done)
		if err := <-result; err != os.ErrDeadlineExceeded {
			t.Errorf("under way: %v", err)
		}
		c.SetRecvContext(context.Background())
		go recv()
		synctest.Wait()
		later, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		c.SetRecvContext(later)
		c.SetRecvContext(context.Background())
		<-time.After(2 * time.Second)
		p.send(true, frame.Text, "")
		if err := <-result; err != nil {
			t.Errorf("after the context was taken away: %v", err)
		}
	})
}

// Frames that have been read are returned even if the context is done.
func TestSetRecvContextInTheWindow(t *testing.T) {
	c, p := newPair(t, Config{})
	p.sendBytes(append(p.frame(true, frame.Text, "one"), p.frame(true, frame.Text, "two")...))
	wantMessage(t, c, "one", frame.Text)
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if data, err := recvBound(c, done); data != "two" || err != nil {
		t.Errorf("received %q, %v", data, err)
	}
}

// A context that is done at any moment of a call ends it, and no later one. The calls
// wait by the poller, or read a net.Conn.
func TestSetRecvContextRace(t *testing.T) {
	for name, pair := range map[string]func(*testing.T, Config) (*Conn, *peer){"socket": newTCPPair, "conn": newPair} {
		t.Run(name, func(t *testing.T) {
			c, p := pair(t, Config{})
			for i := range 2000 {
				ctx, cancel := context.WithCancel(t.Context())
				go func() {
					for range i % 50 {
						ctx.Err() // takes a moment
					}
					cancel()
				}()
				if _, err := recvBound(c, ctx); err != os.ErrDeadlineExceeded {
					t.Fatalf("call %d: %v", i, err)
				}
				if i%10 == 0 {
					p.send(true, frame.Text, "next")
					wantMessage(t, c, "next", frame.Text)
				}
			}
		})
	}
}

// A bound ends waits from the moment at which it is set, even if its context is done
// before. One that was replaced ends nothing.
func TestBound(t *testing.T) {
	nc, _ := wiretest.Pipe()
	l := &link{nc: nc}
	armed := func(want instant) {
		t.Helper()
		if l.reading.armed != want {
			t.Errorf("deadline %v, want %v", l.reading.armed, want)
		}
	}
	first, second, third := new(bound), new(bound), new(bound)
	l.endBound(first)
	armed(never) // it is not set yet
	l.setBound(first)
	armed(past)
	if l.armRecv(never) {
		t.Error("a wait moves the deadline")
	}
	l.setBound(second)
	l.setBound(third)
	l.armRecv(never)
	l.endBound(second)
	armed(never) // it was replaced
	l.endBound(third)
	armed(past)
}

// Close waits for the peer, whatever the context, and no context that is set meanwhile
// ends that.
func TestSetRecvContextDoesNotBoundClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{})
		done, cancel := context.WithCancel(t.Context())
		cancel()
		c.SetRecvContext(done)
		time.AfterFunc(time.Second, func() { c.SetRecvContext(done) })
		time.AfterFunc(2*time.Second, func() { p.sendClose(frame.StatusNormalClosure, "") })
		if err := c.Close(frame.StatusNormalClosure); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
}

// Without deadlines a context cannot end a wait, and does not end the connection.
func TestSetRecvContextWithoutDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own, other := wiretest.Pipe()
		c, p := connect(t, Config{}, wiretest.NoDeadlines{Conn: own}, other)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		time.AfterFunc(2*time.Second, func() { p.send(true, frame.Text, "late") })
		if data, err := recvBound(c, ctx); data != "late" || err != nil {
			t.Errorf("received %q, %v", data, err)
		}
	})
}

// A connection can be used again after a call that its context has ended.
func TestSetRecvContextReusable(t *testing.T) {
	c, p := newTCPPair(t, Config{})
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := recvBound(c, done); err != os.ErrDeadlineExceeded {
		t.Fatal(err)
	}
	if err := c.Reusable(); err != nil {
		t.Errorf("Reusable: %v", err)
	}
	p.Close()
	if _, err := recvBound(c, t.Context()); err != io.EOF {
		t.Errorf("after the end: %v", err)
	}
}
