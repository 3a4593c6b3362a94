package endpoint

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
)

// messageSenders are the calls that wait for the end of a message.
var messageSenders = map[string]func(c *Conn) error{
	"SendFrame":           func(c *Conn) error { return c.SendFrame(true, frame.Text, []byte("next")) },
	"SendFrame_large":     func(c *Conn) error { return c.SendFrame(true, frame.Text, make([]byte, minVectored)) },
	"SendFrame_first":     func(c *Conn) error { return c.SendFrame(false, frame.Text, []byte("next")) },
	"SendPlain":           func(c *Conn) error { return c.SendPlain(frame.Text, []byte("next")) },
	"SendMessage":         func(c *Conn) error { return c.SendMessage(frame.Text, make([]byte, 100000)) },
	"SendPrepared":        func(c *Conn) error { m, _ := Prepare(frame.Text, nil); return c.SendPrepared(m) },
	"SendPrepared_large":  func(c *Conn) error { m, _ := Prepare(frame.Text, make([]byte, minShared)); return c.SendPrepared(m) },
	"NextWriter":          func(c *Conn) error { _, err := c.NextWriter(frame.Text); return err },
	"SendFrame_stray":     func(c *Conn) error { return c.SendFrame(true, frame.Continuation, nil) },
	"SendFrame_not_a_one": func(c *Conn) error { return c.SendFrame(true, frame.Text, []byte("\xff")) },
}

// TestSendersWait has other calls wait for the end of a message, from its beginning on:
// within Timeout, up to its Close, or up to the end of the connection.
func TestSendersWait(t *testing.T) {
	for name, send := range messageSenders {
		for _, noDelay := range []bool{false, true} {
			for _, begun := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/no_delay=%t/begun=%t", name, noDelay, begun), func(t *testing.T) {
					begin := func(t *testing.T, timeout time.Duration) (*Conn, *peer, io.WriteCloser, chan error) {
						c, p := newPair(t, Config{NoDelay: noDelay, Timeout: timeout})
						w := nextWriter(t, c, frame.Binary)
						if begun {
							write(t, w, "begun")
							flush(w)
							p.want(false, frame.Binary, "begun")
						}
						sent := make(chan error, 1)
						go func() { sent <- send(c) }()
						synctest.Wait()
						if len(sent) > 0 {
							t.Fatalf("%v while a message is open", <-sent)
						}
						c.SendFrame(true, frame.Ping, []byte("between"))
						p.want(true, frame.Ping, "between")
						return c, p, w, sent
					}
					synctest.Test(t, func(t *testing.T) {
						c, p, w, sent := begin(t, time.Second)
						start := time.Now()
						if err := <-sent; err != os.ErrDeadlineExceeded || time.Since(start) != time.Second {
							t.Errorf("%v after %v, want a timeout", err, time.Since(start))
						}
						write(t, w, "end")
						w.Close()
						if begun {
							p.want(true, frame.Continuation, "end")
						} else {
							p.want(true, frame.Binary, "end")
						}
						wantFatal(t, c, nil)
					})
					synctest.Test(t, func(t *testing.T) {
						_, _, w, sent := begin(t, 0)
						w.Close()
						err := <-sent
						switch name {
						case "SendFrame_stray":
							if !errors.Is(err, frame.ErrSendFrame) {
								t.Errorf("after Close: %v", err)
							}
						case "SendFrame_not_a_one":
							if !errors.Is(err, frame.ErrSendText) {
								t.Errorf("after Close: %v", err)
							}
						default:
							if err != nil {
								t.Errorf("after Close: %v", err)
							}
						}
					})
					synctest.Test(t, func(t *testing.T) {
						c, _, w, sent := begin(t, 0)
						c.SendClose(1000, "")
						if err := <-sent; !errors.Is(err, frame.ErrSendClosed) {
							t.Errorf("after a Close frame: %v", err)
						}
						if err := w.Close(); !errors.Is(err, frame.ErrSendClosed) {
							t.Errorf("the writer, after a Close frame: %v", err)
						}
					})
					synctest.Test(t, func(t *testing.T) {
						c, _, w, sent := begin(t, 0)
						c.CloseNow()
						if err := <-sent; !errors.Is(err, net.ErrClosed) {
							t.Errorf("after CloseNow: %v", err)
						}
						if err := w.Close(); !errors.Is(err, net.ErrClosed) {
							t.Errorf("the writer, after CloseNow: %v", err)
						}
					})
				})
			}
		}
	}
}

// TestSenderWaitsForTurnAndMessage has a message begin while another send waits for the
// turn. That waits for the message, too.
func TestSenderWaitsForTurnAndMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{NoDelay: true})
		c.send.mu.Lock()
		c.send.busy = true
		c.send.mu.Unlock()
		sent := make(chan error, 1)
		go func() { sent <- c.SendString("behind") }()
		synctest.Wait()
		w := nextWriter(t, c, frame.Binary)
		c.send.mu.Lock()
		c.send.endTurn()
		c.send.mu.Unlock()
		synctest.Wait()
		if len(sent) > 0 {
			t.Errorf("SendString inside a message: %v", <-sent)
		}
		write(t, w, "message")
		w.Close()
		p.want(true, frame.Binary, "message")
		p.want(true, frame.Text, "behind")
		if err := <-sent; err != nil {
			t.Error(err)
		}
	})
}

// TestWriterReusable holds that a connection is not as good as new while a message is
// open.
func TestWriterReusable(t *testing.T) {
	c, _ := newPair(t, Config{})
	w := nextWriter(t, c, frame.Binary)
	if err := c.Reusable(); err != errUnfinished {
		t.Errorf("before the first frame: %v", err)
	}
	w.Close()
	if err := c.Reusable(); err != nil {
		t.Errorf("after Close: %v", err)
	}
}

// TestOfferWaits offers messages while one is written: they come behind it, even before
// its first frame has been sent.
func TestOfferWaits(t *testing.T) {
	for _, begun := range []bool{false, true} {
		c, p := newPair(t, Config{Deflate: takeover})
		other := newOther(t, p, Config{Deflate: takeover})
		message := mixed(50_000)
		c.SendString(message)
		w := nextWriter(t, c, frame.Text)
		write(t, w, message[:20_000])
		if begun {
			flush(w)
		}
		m, _ := Prepare(frame.Binary, []byte(message))
		if err := c.Offer(m); err != nil {
			t.Fatal(err)
		}
		c.SendFrame(true, frame.Ping, nil)
		write(t, w, message[20_000:])
		w.Close()
		c.SendString("behind")
		wantMessage(t, other, message, frame.Text)
		wantMessage(t, other, message, frame.Text)
		wantMessage(t, other, message, frame.Binary)
		wantMessage(t, other, "behind", frame.Text)
	}
}

// TestWriterAmongSenders writes messages while others send all they can. No call is
// refused, and no message gets into another.
func TestWriterAmongSenders(t *testing.T) {
	for _, transport := range transports {
		for _, d := range []*handshake.Deflate{nil, takeover} {
			t.Run(fmt.Sprintf("%s/compressed=%t", transport.name, d != nil), func(t *testing.T) {
				c, p := transport.pair(t, Config{Deflate: d})
				other := newOther(t, p, Config{Deflate: d, MaxRecvLen: -1})
				const senders, times = 8, 20
				var wg sync.WaitGroup
				for i := range senders {
					wg.Go(func() {
						for j := range times {
							text := fmt.Sprint(i, " ", mixed(100*j))
							if err := errors.Join(c.SendString(text), c.SendFrame(true, frame.Ping, []byte(text)[:1])); err != nil {
								t.Error(err)
							}
						}
					})
				}
				message := mixed(100_000)
				wg.Go(func() {
					for range times {
						w, err := c.NextWriter(frame.Binary)
						if err != nil {
							t.Error(err)
							return
						}
						for p := []byte(message); len(p) > 0; p = p[min(len(p), 7777):] {
							if _, err := w.Write(p[:min(len(p), 7777)]); err != nil {
								t.Error(err)
							}
						}
						if err := w.Close(); err != nil {
							t.Error(err)
						}
					}
				})
				texts, binaries := 0, 0
				for texts+binaries < senders*times+times {
					typ, r, err := other.NextReader()
					if err != nil {
						t.Fatal(err)
					}
					data, err := io.ReadAll(r)
					switch {
					case err != nil:
						t.Fatal(err)
					case typ == frame.Text:
						texts++
					case string(data) != message:
						t.Fatalf("a message of %d bytes is another one", len(data))
					default:
						binaries++
					}
				}
				wg.Wait()
				if texts != senders*times {
					t.Errorf("%d texts", texts)
				}
			})
		}
	}
}

// TestWriterNeverClosed closes the connection around an open message.
func TestWriterNeverClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Deflate: takeover})
		w := nextWriter(t, c, frame.Text)
		write(t, w, "begun")
		flush(w)
		if f, err := p.recv(); err != nil || f.Fin {
			t.Fatalf("the peer receives %+v, %v", f, err)
		}
		go func() {
			p.wantClose(frame.StatusNormalClosure)
			p.sendClose(frame.StatusNormalClosure, "")
		}()
		if err := c.Close(frame.StatusNormalClosure); err != nil {
			t.Errorf("Close: %v", err)
		}
		if _, err := w.Write([]byte("more")); err != nil {
			t.Errorf("Write to the buffer: %v", err)
		}
		if err := w.Close(); err == nil {
			t.Error("the writer's Close: nil")
		}
	})
}
