package server

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// sessionWays are those of Sessions alone.
func sessionWays(t *testing.T, test func(t *testing.T, w way)) {
	eachWay(t, func(t *testing.T, w way) {
		if strings.HasPrefix(w.name, "Sessions") {
			test(t, w)
		}
	})
}

// Over TLS, messages that were decrypted together are all served, though nothing tells of
// the later ones.
func TestSessionsTLS(t *testing.T) {
	wiretest.NoLeaks(t)
	ts := httptest.NewTLSServer(Sessions(nil, echoing))
	defer ts.Close()
	nc, err := tls.Dial("tcp", ts.Listener.Addr().String(), ts.Client().Transport.(*http.Transport).TLSClientConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	nc.SetDeadline(time.Now().Add(patience))
	request := "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	io.WriteString(nc, request)
	in := bufio.NewReader(nc)
	if resp, err := http.ReadResponse(in, nil); err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(resp, err)
	}
	r := frame.NewReader(in, frame.Client, -1)
	for range 3 {
		io.WriteString(nc, sent(true, frame.Text, "one")+sent(true, frame.Text, "two")+sent(true, frame.Text, "three"))
		for _, text := range []string{"one", "two", "three"} {
			wantFrame(t, r, frame.Text, text)
		}
	}
}

// A Message that blocks holds up its own connection alone.
func TestSessionBlocks(t *testing.T) {
	sessionWays(t, func(t *testing.T, w way) {
		const blocked = 50
		enough := make(chan bool)
		var waiting sync.WaitGroup
		waiting.Add(blocked)
		ts := w.start(t, nil, func(c *Conn) Session {
			return script{message: func(data []byte, typ frame.Opcode) {
				if string(data) == "block" {
					waiting.Done()
					<-enough
				}
				c.SendMessage(typ, data)
			}}
		}, nil)
		var conns []net.Conn
		for range blocked {
			conns = append(conns, dial(t, ts.Listener.Addr(), sent(true, frame.Text, "block")+sent(true, frame.Text, "after")))
		}
		waiting.Wait()
		free := dial(t, ts.Listener.Addr(), "")
		r := frame.NewReader(free, frame.Client, -1)
		for i := range 100 {
			text := fmt.Sprint(i)
			io.WriteString(free, sent(true, frame.Text, text))
			wantFrame(t, r, frame.Text, text)
		}
		close(enough)
		for _, nc := range conns {
			r := frame.NewReader(nc, frame.Client, -1)
			wantFrame(t, r, frame.Text, "block")
			wantFrame(t, r, frame.Text, "after")
		}
	})
}

// Connections whose clients are silent, or send a byte now and then, have no goroutines.
func TestSessionsWaitWithoutGoroutines(t *testing.T) {
	wiretest.NoLeaks(t)
	var open atomic.Int64
	ts := way{"", Sessions, nil}.start(t, nil, func(c *Conn) Session {
		open.Add(1)
		return echoing(c)
	}, nil)
	const conns = 100
	before := runtime.NumGoroutine()
	all := make([]*net.TCPConn, conns)
	for i := range all {
		all[i] = dial(t, ts.Listener.Addr(), "")
	}
	text := sent(true, frame.Text, "slow")
	for i := range len(text) {
		for _, nc := range all {
			io.WriteString(nc, text[i:i+1])
		}
		for deadline := time.Now().Add(patience); runtime.NumGoroutine()-before > conns/2 && time.Now().Before(deadline); {
			runtime.Gosched() // they serve the byte that has come, or have answered just now
		}
		if n := runtime.NumGoroutine() - before; n > conns/2 {
			t.Fatalf("%d goroutines for %d connections after %d bytes", n, conns, i+1)
		}
	}
	for _, nc := range all {
		wantFrame(t, frame.NewReader(nc, frame.Client, -1), frame.Text, "slow")
	}
}

// Message may receive what follows by itself.
func TestSessionReceives(t *testing.T) {
	sessionWays(t, func(t *testing.T, w way) {
		ts := w.start(t, nil, func(c *Conn) Session {
			return script{message: func(data []byte, _ frame.Opcode) {
				first := string(data)
				second, _, err := c.RecvMessage()
				if err != nil {
					t.Error(err)
				}
				c.SendString(first + " " + string(second))
			}}
		}, nil)
		nc := dial(t, ts.Listener.Addr(), "")
		r := frame.NewReader(nc, frame.Client, -1)
		for range 20 {
			io.WriteString(nc, sent(true, frame.Text, "one"))
			io.WriteString(nc, sent(true, frame.Text, "two"))
			wantFrame(t, r, frame.Text, "one two")
		}
	})
}

// The request is there for open, and not afterwards.
func TestSessionRequest(t *testing.T) {
	sessionWays(t, func(t *testing.T, w way) {
		ts := w.start(t, nil, func(c *Conn) Session {
			if c.Request() == nil {
				t.Error("open has no request")
			}
			return script{message: func([]byte, frame.Opcode) {
				if c.Request() != nil {
					t.Error("Message has a request")
				}
				c.Close()
			}}
		}, nil)
		nc := dial(t, ts.Listener.Addr(), sent(true, frame.Text, "")+sent(true, frame.Close, ""))
		io.Copy(io.Discard, nc)
	})
}
