package server

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resty.websocket/frame"
)

// Connections are opened and closed from many goroutines, in all ways to close, so that
// the kernel gives the same descriptors again and again. Each client compares what comes
// back with what it has sent, which no other client sends.
func TestDescriptorsUsedAgain(t *testing.T) {
	clients, rounds := 16, 40
	if testing.Short() {
		rounds = 5
	}
	eachWay(t, func(t *testing.T, w way) {
		ts := w.start(t, nil, func(c *Conn) Session {
			return script{message: func(data []byte, typ frame.Opcode) {
				c.SendMessage(typ, data)
				if len(data) > 0 && data[0] == 'x' {
					go c.CloseNow()
				}
				if len(data) > 0 && data[0] == 'y' {
					go c.SendString("to a connection that is closed maybe")
					go c.Close()
				}
			}}
		}, nil)
		var number atomic.Int64
		var all sync.WaitGroup
		for range clients {
			all.Go(func() {
				for range rounds {
					echoOwn(t, ts.Listener.Addr(), number.Add(1))
				}
			})
		}
		all.Wait()
	})
}

// echoOwn sends messages that contain n, and ends the connection in one way or another.
func echoOwn(t *testing.T, addr net.Addr, n int64) {
	nc := dial(t, addr, "")
	defer nc.Close()
	r := frame.NewReader(nc, frame.Client, -1)
	for range 3 {
		text := strings.Repeat(fmt.Sprintf("<%d>", n), 1+rand.IntN(200))
		io.WriteString(nc, sent(true, frame.Text, text))
		if f, err := r.ReadFrame(); err != nil || string(f.Payload) != text {
			t.Errorf("%.40q comes back as %v %.40q, %v", text, f.Opcode, f.Payload, err)
			return
		}
	}
	switch rand.IntN(5) {
	case 0:
		nc.SetLinger(0)
	case 1:
		io.WriteString(nc, sent(true, frame.Text, "x"))
		io.WriteString(nc, sent(true, frame.Text, "x"))
	case 2:
		io.WriteString(nc, sent(true, frame.Text, "y"))
		io.WriteString(nc, sent(true, frame.Text, "y")+sent(true, frame.Close, ""))
		io.Copy(io.Discard, nc)
	case 3:
		io.WriteString(nc, sent(true, frame.Close, ""))
		io.Copy(io.Discard, nc)
	}
}

// With one processor, a client that sends without end, of pings or of messages, and a
// Message that blocks, leave others their turns. The pings and messages are answered.
func TestSessionsFlooded(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	sessionWays(t, func(t *testing.T, w way) {
		enough := make(chan bool)
		late := time.Now().Add(5 * patience) // the floods take most of the one processor
		ts := w.start(t, nil, func(c *Conn) Session {
			return script{message: func(data []byte, typ frame.Opcode) {
				if string(data) == "block" {
					<-enough
				}
				c.SendMessage(typ, data)
			}}
		}, nil)
		var floods, answered sync.WaitGroup
		for _, op := range []frame.Opcode{frame.Ping, frame.Text} {
			nc := dial(t, ts.Listener.Addr(), "")
			nc.SetDeadline(late)
			floods.Go(func() {
				flood := strings.Repeat(sent(true, op, "flood"), 1000)
				for _, err := io.WriteString(nc, flood); err == nil; _, err = io.WriteString(nc, flood) {
				}
			})
			answered.Add(1)
			floods.Go(func() {
				answers := 0
				r := frame.NewReader(nc, frame.Client, -1)
				for f, err := r.ReadFrame(); err == nil; f, err = r.ReadFrame() {
					if string(f.Payload) != "flood" {
						t.Errorf("received %v %q", f.Opcode, f.Payload)
					}
					if answers++; answers == 1000 {
						answered.Done()
					}
				}
				if answers < 1000 {
					t.Errorf("%d answers to a flood of %v", answers, op)
					answered.Done()
				}
			})
			defer nc.Close()
		}
		blocked := dial(t, ts.Listener.Addr(), sent(true, frame.Text, "block"))
		blocked.SetDeadline(late)
		for range 3 {
			nc := dial(t, ts.Listener.Addr(), "")
			nc.SetDeadline(late)
			r := frame.NewReader(nc, frame.Client, -1)
			for i := range 10 {
				text := fmt.Sprint(i)
				io.WriteString(nc, sent(true, frame.Text, text))
				wantFrame(t, r, frame.Text, text)
			}
			nc.Close()
		}
		close(enough)
		wantFrame(t, frame.NewReader(blocked, frame.Client, -1), frame.Text, "block")
		answered.Wait()
		t.Cleanup(floods.Wait) // when the flooding connections are closed
	})
}

// Close from elsewhere waits for clients that do not answer but go on sending. It holds up
// no other session, and their Sessions end once it returns.
func TestSessionsCloseElsewhere(t *testing.T) {
	sessionWays(t, func(t *testing.T, w way) {
		const closing = 50
		conns := make(chan *Conn, closing)
		closed := make(chan error, 2*closing)
		ts := w.start(t, nil, func(c *Conn) Session {
			conns <- c
			return script{func(data []byte, typ frame.Opcode) { c.SendMessage(typ, data) }, func(err error) { closed <- err }}
		}, nil)
		var all []*net.TCPConn
		var closes sync.WaitGroup
		for range closing {
			nc := dial(t, ts.Listener.Addr(), "")
			all = append(all, nc)
			c := <-conns
			closes.Go(func() { c.Close() })
			wantClose(t, nc, frame.StatusNormalClosure)
			io.WriteString(nc, sent(true, frame.Text, "late"))
		}
		free := dial(t, ts.Listener.Addr(), "")
		<-conns
		r := frame.NewReader(free, frame.Client, -1)
		for i := range 100 {
			text := fmt.Sprint(i)
			io.WriteString(free, sent(true, frame.Text, text))
			wantFrame(t, r, frame.Text, text)
		}
		if len(closed) > 0 {
			t.Errorf("Session.Close(%v) while Conn.Close waits", <-closed)
		}
		for _, nc := range all {
			nc.Close()
		}
		closes.Wait()
		for range closing {
			if err := <-closed; err == nil {
				t.Error("Session.Close(nil)")
			}
		}
	})
}
