package handshake

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/internal/wiretest"
)

// A pipeListener accepts the connections that are sent to it.
type pipeListener chan net.Conn

func (l pipeListener) Accept() (net.Conn, error) {
	nc, ok := <-l
	if !ok {
		return nil, net.ErrClosed
	}
	return nc, nil
}

func (l pipeListener) Close() error { close(l); return nil }
func (pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

// A peer has filled the connection with the responses to requests that it sends in one
// row, reads none of them, and asks for an upgrade last. The 101 finds no room.
func TestUpgradeToPeerThatDoesNotRead(t *testing.T) {
	const room = 1000
	for _, tt := range []struct {
		name    string
		timeout time.Duration // the http.Server's
		wrap    func(net.Conn) net.Conn
		want    time.Duration
	}{
		{"4.2.2/write_timeout", time.Second, func(nc net.Conn) net.Conn { return nc }, time.Second},
		{"4.2.2/long_write_timeout", time.Minute, func(nc net.Conn) net.Conn { return nc }, time.Minute},
		{"4.2.2/no_write_timeout", 0, func(nc net.Conn) net.Conn { return nc }, respondTime},
		{"4.2.2/no_deadlines", time.Second, func(nc net.Conn) net.Conn { return wiretest.NoDeadlines{Conn: nc} }, time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fill := strings.Repeat("x", room)
				returned := make(chan error, 1)
				var took time.Duration
				srv := &http.Server{WriteTimeout: tt.timeout, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/fill" {
						io.WriteString(w, fill)
						return
					}
					start := time.Now()
					_, err := new(Server).Upgrade(w, r)
					took = time.Since(start)
					returned <- err
				})}
				listener := make(pipeListener)
				go srv.Serve(listener)
				defer srv.Close()
				peer, nc := wiretest.Pipe()
				nc.SetWriteBuffer(2 * room)
				listener <- tt.wrap(nc)
				io.WriteString(peer, "GET /fill HTTP/1.1\r\nHost: a\r\n\r\n")
				synctest.Wait()
				nc.SetWriteBuffer(room) // less than is under way: it is full
				io.WriteString(peer, request())
				synctest.Wait()
				io.WriteString(peer, "early") // without deadlines, Hijack waits for it
				err := <-returned
				if !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("returned %v", err)
				}
				if took != tt.want {
					t.Errorf("took %v, want %v", took, tt.want)
				}
				// The connection is closed: the peer finds its end behind what had been sent.
				if _, err := io.Copy(io.Discard, peer); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// An http.Server's connections need not have deadlines. net/http's Hijack then waits
// for the peer's next byte, and so Upgrade does.
func TestUpgradeOverListenerWithoutDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		returned := make(chan outcome, 1)
		srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			result, err := new(Server).Upgrade(w, r)
			returned <- outcome{result, err}
		})}
		listener := make(pipeListener)
		go srv.Serve(listener)
		defer srv.Close()
		peer, nc := wiretest.Pipe()
		listener <- wiretest.NoDeadlines{Conn: nc}
		io.WriteString(peer, request())
		synctest.Wait()
		io.WriteString(peer, "early")
		got := <-returned
		if got.err != nil {
			t.Fatal(got.err)
		}
		defer got.Conn.Close()
		rest := make([]byte, len("early")-len(got.Early))
		if _, err := io.ReadFull(got.Conn, rest); err != nil || string(got.Early)+string(rest) != "early" {
			t.Errorf("read %q and %q, %v", got.Early, rest, err)
		}
		head := make([]byte, len("HTTP/1.1 101"))
		if _, err := io.ReadFull(peer, head); err != nil || string(head) != "HTTP/1.1 101" {
			t.Errorf("answered %q, %v", head, err)
		}
		<-time.After(time.Hour)
		if _, err := io.WriteString(got.Conn, "still"); err != nil {
			t.Error(err)
		}
	})
}
