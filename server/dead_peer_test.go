package server

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"resty.websocket/frame"
)

// TestDeadPeer has the client go away in every manner but the right one, while
// the server sends. An error comes in time, it stays, and nothing is left.
func TestDeadPeer(t *testing.T) {
	for _, tt := range []struct {
		name    string
		timeout time.Duration
		dies    func(nc *net.TCPConn)
		is      func(err error) bool
	}{
		{"7.1.5/stops_reading", 100 * time.Millisecond, func(*net.TCPConn) {}, func(err error) bool {
			return errors.Is(err, os.ErrDeadlineExceeded)
		}},
		{"7.1.5/resets", patience, func(nc *net.TCPConn) { nc.SetLinger(0); nc.Close() }, func(err error) bool {
			return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
		}},
		{"7.1.5/closes", patience, func(nc *net.TCPConn) { nc.Close() }, func(err error) bool {
			return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			eachPair(t, &Options{Timeout: tt.timeout}, func(t *testing.T, c *Conn, nc *net.TCPConn) {
				tt.dies(nc)
				err := sendUntilError(c)
				if !tt.is(err) || c.Fatal() != nil {
					t.Errorf("%v, Fatal %v, which is for what can still be received", err, c.Fatal())
				}
				if again := c.SendPing(nil); again != err {
					t.Errorf("then %v, want the same", again)
				}
				_, _, received := c.RecvMessage()
				if late := errors.Is(received, os.ErrDeadlineExceeded); late == (c.Fatal() != nil) || !late && c.Fatal() != received {
					t.Errorf("received %v, Fatal %v", received, c.Fatal())
				}
				if closed := c.Close(); closed != err || c.Fatal() == nil {
					t.Errorf("closed with %v, Fatal %v", closed, c.Fatal())
				}
			})
		})
	}
}

// sendUntilError sends more than any buffer holds.
func sendUntilError(c *Conn) error {
	payload := make([]byte, 65535)
	for range 10_000 {
		if err := c.SendBinary(payload); err != nil {
			return err
		}
	}
	return nil
}

// TestHalfClosed has the client close its half of TCP. Between two frames that
// is the end of what it sends, and inside of one it is told from that.
func TestHalfClosed(t *testing.T) {
	for _, tt := range []struct {
		name, sent string
		want       error
	}{
		{"7.1.5/between_frames", "\x81\x80\x00\x00\x00\x00", io.EOF},
		{"7.1.5/inside_a_header", "\x81\x80\x00\x00\x00\x00\x81", io.ErrUnexpectedEOF},
		{"7.1.5/inside_a_payload", "\x81\x80\x00\x00\x00\x00\x82\x82\x00\x00\x00\x00a", io.ErrUnexpectedEOF},
	} {
		t.Run(tt.name, func(t *testing.T) {
			eachPair(t, nil, func(t *testing.T, c *Conn, nc *net.TCPConn) {
				if err := c.SendText([]byte("a word before")); err != nil {
					t.Fatal(err)
				}
				io.WriteString(nc, tt.sent)
				nc.CloseWrite()
				if data, typ, err := c.RecvMessage(); len(data) != 0 || typ != frame.Text || err != nil {
					t.Fatalf("received %q, %v, %v", data, typ, err)
				}
				if data, _, err := c.RecvMessage(); data != nil || err != tt.want || c.Fatal() != tt.want {
					t.Errorf("received %q, %v, want %v", data, err, tt.want)
				}
				c.CloseNow()
			})
		})
	}
}
