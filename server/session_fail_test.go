package server

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"resty.websocket/frame"
)

// lingers is for how long a connection may last whose sends have failed, in a test.
const lingers = 5*time.Second + 2*time.Second

// Sends fail while the session waits: the client does not read, or is gone. The session
// ends within the 5 seconds that are left for what the client has sent, with an error that
// is no timeout.
func TestSessionsSendsFail(t *testing.T) {
	var all sync.WaitGroup
	for _, w := range []way{{"Sessions", Sessions, nil}, {"Sessions_without_a_socket", Sessions, noSockets}} {
		for _, test := range []struct {
			name string
			gone func(nc *net.TCPConn)
			soon bool // the end comes before the linger
		}{
			{"does_not_read", func(*net.TCPConn) {}, false},
			{"resets", func(nc *net.TCPConn) { nc.SetLinger(0); nc.Close() }, true},
			{"closes", func(nc *net.TCPConn) { nc.Close() }, true},
		} {
			conns, closed := make(chan *Conn, 1), make(chan error, 2)
			ts := w.start(t, &Options{SendTimeout: 50 * time.Millisecond}, func(c *Conn) Session {
				conns <- c
				return script{close: func(err error) { closed <- err }}
			}, nil)
			nc := dial(t, ts.Listener.Addr(), "")
			c := <-conns
			all.Go(func() {
				test.gone(nc)
				failed := sendUntilError(c)
				begun := time.Now()
				if failed == nil {
					t.Errorf("%s/%s: no send fails", w.name, test.name)
				}
				err := <-closed
				took := time.Since(begun)
				if err == nil || errors.Is(err, os.ErrDeadlineExceeded) || took > lingers || test.soon && took > lingers/2 {
					t.Errorf("%s/%s: Close(%v) after %v", w.name, test.name, err, took)
				}
				if len(closed) > 0 {
					t.Errorf("%s/%s: then Close(%v)", w.name, test.name, <-closed)
				}
			})
		}
	}
	all.Wait()
}

// Group.Shutdown ends sessions that wait: those whose clients answer 1001 before it returns,
// and those of silent ones when its context is done. Broadcast reaches them before.
func TestSessionsShutdown(t *testing.T) {
	sessionWays(t, func(t *testing.T, w way) {
		const members = 50
		var g Group
		opened, closed := make(chan bool, 2*members), make(chan error, 4*members)
		ts := w.start(t, &Options{Group: &g}, func(c *Conn) Session {
			opened <- true
			return script{close: func(err error) { closed <- err }}
		}, nil)
		var clients sync.WaitGroup
		for i := range 2 * members {
			nc := dial(t, ts.Listener.Addr(), "")
			<-opened
			clients.Go(func() {
				r := frame.NewReader(nc, frame.Client, -1)
				wantFrame(t, r, frame.Text, "news")
				wantFrame(t, r, frame.Close, "\x03\xe9")
				if i%2 == 0 {
					io.WriteString(nc, sent(true, frame.Close, "\x03\xe9"))
				}
				if _, err := io.Copy(io.Discard, nc); err != nil {
					t.Error(err)
				}
				nc.Close()
			})
		}
		g.Broadcast(prepared(t, "news"))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			for len(closed) < members && ctx.Err() == nil { // those whose clients answer
				<-time.After(time.Millisecond)
			}
			cancel()
		}()
		if err := g.Shutdown(ctx); err != context.Canceled {
			t.Errorf("Shutdown: %v", err)
		}
		answered := 0
		for range 2 * members {
			if err := <-closed; frame.CloseCode(err) == frame.StatusGoingAway {
				answered++
			} else if !errors.Is(err, net.ErrClosed) {
				t.Errorf("Close(%v)", err)
			}
		}
		clients.Wait()
		if answered != members || len(closed) > 0 {
			t.Errorf("%d sessions end with 1001, want %d; %d end twice", answered, members, len(closed))
		}
		if err := g.Shutdown(t.Context()); err != nil { // waits until Close has returned for all
			t.Error(err)
		}
		want := Stats{Opened: 2 * members, Closed: 2 * members, FramesReceived: members, BytesReceived: 8 * members}
		got := g.Stats()
		got.MessagesSent, got.FramesSent, got.BytesSent = 0, 0, 0
		if got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	})
}

// A client that falls silent ends its session with ErrPeerSilent. One that answers goes on,
// and its latency is measured. A Message that takes its time is not the client's fault.
func TestSessionsHeartbeat(t *testing.T) {
	const beat = 150 * time.Millisecond
	sessionWays(t, func(t *testing.T, w way) {
		busy, goOn := make(chan *Conn), make(chan bool)
		closed := make(chan error, 2)
		ts := w.start(t, &Options{Heartbeat: beat}, func(c *Conn) Session {
			return script{func([]byte, frame.Opcode) {
				busy <- c
				<-goOn
				c.SendString("done")
			}, func(err error) { closed <- err }}
		}, nil)

		nc := dial(t, ts.Listener.Addr(), "")
		r := frame.NewReader(nc, frame.Client, -1)
		pong := func() {
			t.Helper()
			f, err := r.ReadFrame()
			if err != nil || f.Opcode != frame.Ping {
				t.Fatalf("received %v, %v, want a ping", f.Opcode, err)
			}
			io.WriteString(nc, sent(true, frame.Pong, string(f.Payload)))
		}
		pong()
		pong()
		io.WriteString(nc, sent(true, frame.Text, "work"))
		c := <-busy
		if l := c.Latency(); l <= 0 || l > patience {
			t.Errorf("the latency is %v", l)
		}
		<-time.After(3 * beat)
		if err := c.Fatal(); err != nil {
			t.Errorf("while Message is busy: %v", err)
		}
		close(goOn)
		wantFrame(t, r, frame.Text, "done")
		begun := time.Now()
		pong()
		select {
		case err := <-closed:
			t.Fatalf("Close(%v) of a client that answers", err)
		default:
		}
		if err := <-closed; err != ErrPeerSilent {
			t.Errorf("Close(%v)", err)
		}
		if took := time.Since(begun); took < 3*beat/2 {
			t.Errorf("given up after %v", took)
		}
		io.Copy(io.Discard, nc)
		if len(closed) > 0 {
			t.Errorf("then Close(%v)", <-closed)
		}
	})
}

// More fragments than a message may have, all of them empty, end the session and hold
// nothing meanwhile. Pings between them are answered.
func TestSessionsEmptyFragments(t *testing.T) {
	sessionWays(t, func(t *testing.T, w way) {
		rec := newRecord()
		ts := w.start(t, nil, func(c *Conn) Session { return rec }, nil)
		nc := dial(t, ts.Listener.Addr(), sent(false, frame.Text, ""))
		r := frame.NewReader(nc, frame.Client, -1)
		some := strings.Repeat(sent(false, frame.Continuation, ""), 100_000)
		io.WriteString(nc, some+sent(true, frame.Ping, "still there?"))
		wantFrame(t, r, frame.Pong, "still there?")
		go io.WriteString(nc, some)
		wantClose(t, nc, frame.StatusPolicyViolation)
		nc.CloseWrite()
		var broken *frame.ProtocolError
		if err := <-rec.closed; !errors.As(err, &broken) || len(rec.all) > 0 {
			t.Errorf("Close(%v) after %d messages", err, len(rec.all))
		}
	})
}
