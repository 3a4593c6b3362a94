package endpoint

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"resty.websocket/frame"
)

// An ownerLog is what an Owner was told.
type ownerLog struct{ told []string }

func (l *ownerLog) Ended(err error) { l.told = append(l.told, fmt.Sprint("ended ", err)) }
func (l *ownerLog) Closed()         { l.told = append(l.told, "closed") }

// observe gives c an observer.
func observe(t *testing.T, c *Conn) (*Observer, *ownerLog) {
	t.Helper()
	log := new(ownerLog)
	o := &Observer{Owner: log}
	if c.Observe(o) != o || c.Observer() != o {
		t.Fatal("the observer is another")
	}
	return o, log
}

// tally returns what c has counted, as "messages frames bytes".
func tally(c *Count) string { return fmt.Sprint(c.Messages(), " ", c.Frames(), " ", c.Bytes()) }

// Everything that is sent counts, in whatever way it is.
func TestObserverCountsSends(t *testing.T) {
	mebibyte := strings.Repeat("x", 1<<20)
	for _, test := range []struct {
		name string
		cfg  Config
		send func(c *Conn) error
		want string
	}{
		{"text", Config{}, func(c *Conn) error { return c.SendString("hello") }, "1 1 7"},
		{"no_delay", Config{NoDelay: true}, func(c *Conn) error { return c.SendString("hello") }, "1 1 7"},
		{"masked", Config{Role: frame.Client}, func(c *Conn) error { return c.SendString("hello") }, "1 1 11"},
		{"ping", Config{}, func(c *Conn) error { return c.SendFrame(true, frame.Ping, []byte("p")) }, "0 1 3"},
		{"close", Config{}, func(c *Conn) error { return c.SendClose(1000, "") }, "0 1 4"},
		{"offered_close", Config{}, func(c *Conn) error { return c.OfferClose(1001, "") }, "0 1 4"},
		{"fragment", Config{}, func(c *Conn) error { return c.SendFrame(false, frame.Text, []byte("a")) }, "0 1 3"},
		{"fragments", Config{MaxSendLen: 2}, func(c *Conn) error { return c.SendMessage(frame.Text, []byte("abcde")) }, "1 3 11"},
		{"refused", Config{MaxSendLen: 2}, func(c *Conn) error { c.SendString("abc"); return nil }, "0 0 0"},
		{"offered", Config{}, func(c *Conn) error { m, _ := Prepare(frame.Text, []byte("hello")); return c.Offer(m) }, "1 1 7"},
		{"offered_in_fragments", Config{MaxSendLen: 2}, func(c *Conn) error { m, _ := Prepare(frame.Text, []byte("abcde")); return c.Offer(m) }, "1 3 11"},
		{"prepared_empty", Config{}, func(c *Conn) error { m, _ := Prepare(frame.Text, nil); return c.SendPrepared(m) }, "1 1 2"},
		{"large", Config{MaxSendLen: -1}, func(c *Conn) error { return c.SendString(mebibyte) }, "1 1 1048586"},
		{"compressed", Config{Deflate: noTakeover}, func(c *Conn) error { return c.SendString(strings.Repeat("hello ", 200)) }, "1 1 "},
		{"writer", Config{}, func(c *Conn) error {
			w, err := c.NextWriter(frame.Binary)
			if err == nil {
				w.Write(make([]byte, pieceLen+1))
				err = w.Close()
			}
			return err
		}, fmt.Sprintf("1 2 %d", pieceLen+1+4+2)},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, test.cfg)
				c.send.socket = true // whose large frames are not copied
				o, _ := observe(t, c)
				own, read := make(chan int64), p.Conn
				go func() {
					n, _ := io.Copy(io.Discard, read)
					own <- n
				}()
				if err := test.send(c); err != nil {
					t.Error(err)
				}
				// How short a message is when compressed is the compressor's affair.
				if got := tally(&o.Sent); got != test.want && !(test.cfg.Deflate != nil && strings.HasPrefix(got, test.want)) {
					t.Errorf("messages, frames, bytes: %s, want %s", got, test.want)
				}
				synctest.Wait()
				c.CloseNow()
				if n := <-own; uint64(n) != o.Sent.Bytes() {
					t.Errorf("%d bytes have arrived", n)
				}
				if got := tally(&o.Received); got != "0 0 0" {
					t.Errorf("received %s", got)
				}
			})
		})
	}
}

// Everything that is received counts, in whatever way it is.
func TestObserverCountsReceives(t *testing.T) {
	long := strings.Repeat("x", 100000)
	for _, test := range []struct {
		name string
		recv func(c *Conn) error
	}{
		{"RecvFrame", func(c *Conn) error { _, _, err := c.RecvFrame(); return ignoreAgain(err) }},
		{"RecvMessage", func(c *Conn) error { _, _, err := c.RecvMessage(); return err }},
		{"AppendMessage", func(c *Conn) error { _, _, err := c.AppendMessage(nil); return err }},
		{"NextReader", func(c *Conn) error {
			_, r, err := c.NextReader()
			if err == nil {
				_, err = io.Copy(io.Discard, r)
			}
			return err
		}},
		{"Close", func(c *Conn) error {
			c.RecvMessage()
			c.Close(frame.StatusNormalClosure) // drops the rest
			return c.Fatal()
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{MaxRecvLen: -1})
				o, _ := observe(t, c)
				go io.Copy(io.Discard, p.Conn)
				go func() {
					p.send(true, frame.Text, "hello")      // 11 bytes, a message
					p.send(false, frame.Text, "ab")        // 8
					p.send(true, frame.Ping, "p")          // 7
					p.send(true, frame.Continuation, "c")  // 7, a message
					b := p.frame(true, frame.Binary, long) // 100014, a message
					p.sendBytes(b[:50])                    // it is received in parts
					synctest.Wait()
					p.sendBytes(b[50:])
					p.sendClose(frame.StatusNormalClosure, "") // 8
				}()
				for err := error(nil); err == nil; {
					err = test.recv(c)
				}
				if got, want := tally(&o.Received), "3 6 100055"; got != want {
					t.Errorf("messages, frames, bytes: %s, want %s", got, want)
				}
			})
		})
	}
}

func ignoreAgain(err error) error {
	if err == ErrAgain {
		return nil
	}
	return err
}

// The owner is told of the end, and then that the connection is closed.
func TestObserverIsTold(t *testing.T) {
	c, p := newPair(t, Config{})
	_, log := observe(t, c)
	p.Close()
	c.RecvMessage()
	c.CloseNow()
	if got, want := strings.Join(log.told, ", "), "ended EOF, closed"; got != want {
		t.Errorf("it was told %q, want %q", got, want)
	}
	c, _ = newPair(t, Config{})
	_, log = observe(t, c)
	c.CloseNow()
	if got, want := strings.Join(log.told, ", "), fmt.Sprintf("ended %v, closed", net.ErrClosed); got != want {
		t.Errorf("it was told %q, want %q", got, want)
	}
}
