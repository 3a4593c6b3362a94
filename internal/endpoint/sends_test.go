package endpoint

import (
	"bytes"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// carriers are connections of all kinds.
var carriers = []struct {
	name string
	pair func(t *testing.T, cfg Config) (*Conn, *peer)
}{
	{"memory", newPair},
	{"narrow", func(t *testing.T, cfg Config) (*Conn, *peer) {
		c, p := newPair(t, cfg)
		p.own.SetWriteBuffer(10000)
		return c, p
	}},
	{"tcp", newTCPPair},
	{"tcp_narrow", func(t *testing.T, cfg Config) (*Conn, *peer) {
		c, p := newTCPPair(t, cfg)
		c.nc.(*net.TCPConn).SetWriteBuffer(32 << 10)
		return c, p
	}},
	{"tls", newTLSPair},
	{"unix", newUnixPair},
	{"pipe", func(t *testing.T, cfg Config) (*Conn, *peer) {
		own, other := net.Pipe()
		return connect(t, cfg, own, other)
	}},
}

// unixPipe returns the two ends of a connection over a Unix socket.
func unixPipe(t *testing.T) (own, other net.Conn) {
	t.Helper()
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if other, err = net.Dial("unix", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if own, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	return own, other
}

// A sending is a way to send a message.
type sending struct {
	name string
	size int // of the message, in bytes
	send func(c *Conn, p []byte) error
}

var sendings = []sending{
	{"SendFrame", 300, func(c *Conn, p []byte) error { return c.SendFrame(true, frame.Text, p) }},
	{"SendString", 20, func(c *Conn, p []byte) error { return c.SendString(string(p)) }},
	{"vector", 33000, func(c *Conn, p []byte) error { return c.SendPlain(frame.Text, p) }},
	{"SendMessage", 70000, func(c *Conn, p []byte) error { return c.SendMessage(frame.Text, p) }},
	{"SendPrepared", 500, func(c *Conn, p []byte) error {
		m, err := Prepare(frame.Text, p)
		if err != nil {
			return err
		}
		return c.SendPrepared(m)
	}},
	{"Offer", 700, func(c *Conn, p []byte) error { return offerPatiently(c, p) }},
	{"Offer_large", 34000, func(c *Conn, p []byte) error { return offerPatiently(c, p) }},
	{"Ping", 5, func(c *Conn, p []byte) error {
		if err := c.SendFrame(true, frame.Ping, nil); err != nil {
			return err
		}
		return c.SendFrame(true, frame.Text, p)
	}},
}

// offerPatiently offers a message until there is room for it.
func offerPatiently(c *Conn, p []byte) error {
	m, err := Prepare(frame.Text, p)
	if err != nil {
		return err
	}
	for {
		if err := c.Offer(m); err != ErrBacklogFull {
			return err
		}
		if err := c.Flush(); err != nil {
			return err
		}
	}
}

// text returns the message of number i that is sent that way.
func (s *sending) text(i int) []byte {
	head := fmt.Sprintf("%s %d ", s.name, i)
	pad := fmt.Sprintf(`{"id":%d,"text":"Grüße"}`, i*7919)
	return append([]byte(head), bytes.Repeat([]byte(pad), s.size/len(pad)+1)...)
}

// TestSendsAtOnce has goroutines send in all ways at once. The peer receives every
// message whole, and each goroutine's in order.
func TestSendsAtOnce(t *testing.T) {
	const each = 6
	for _, transport := range carriers {
		for _, cfg := range []Config{
			{},
			{NoDelay: true},
			{Deflate: takeover, MaxBacklog: 100000},
			{Role: frame.Client, Deflate: takeover},
		} {
			t.Run(fmt.Sprintf("%s/%v/no_delay=%t/deflate=%t", transport.name, cfg.Role, cfg.NoDelay, cfg.Deflate != nil), func(t *testing.T) {
				wiretest.NoLeaks(t)
				c, p := transport.pair(t, cfg)
				receiver := New(p.Conn, &Config{Role: p.role, Masked: p.role == frame.Client, Deflate: cfg.Deflate}, nil)
				ended := receiveAll(c) // the Pongs
				var senders sync.WaitGroup
				for i := range sendings {
					senders.Go(func() {
						for n := range each {
							if err := sendings[i].send(c, sendings[i].text(n)); err != nil {
								t.Errorf("%s: %v", sendings[i].name, err)
								return
							}
						}
					})
				}
				wantInOrder(t, receiver, each)
				senders.Wait()
				if err := c.Flush(); err != nil {
					t.Errorf("Flush: %v", err)
				}
				receiver.CloseNow()
				<-ended
			})
		}
	}
}

// wantInOrder receives what all sendings send.
func wantInOrder(t *testing.T, c *Conn, each int) {
	t.Helper()
	next := map[string]int{}
	for range each * len(sendings) {
		data, _, err := c.RecvMessage()
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(string(data), " ")
		for i := range sendings {
			if sendings[i].name == name && !bytes.Equal(data, sendings[i].text(next[name])) {
				t.Fatalf("received %.60q, want message %d", data, next[name])
			}
		}
		next[name]++
	}
}

// TestOfferNeverWaits offers messages to a peer that does not read, while a send waits
// for it, until one is refused. The peer gets those that were accepted, and no more.
func TestOfferNeverWaits(t *testing.T) {
	for _, transport := range carriers {
		t.Run(transport.name, func(t *testing.T) {
			c, p := transport.pair(t, Config{})
			if err := SetSocketOptions(c.nc, net.KeepAliveConfig{}, 32<<10); err != nil {
				t.Fatal(err)
			}
			sent := make(chan error)
			go func() { sent <- c.SendString("sent") }()
			text := func(i int) string { return fmt.Sprintf("%0*d", []int{40000, 10, 1000}[i%3], i) }
			accepted := 0
			for err := error(nil); err == nil; {
				if err = c.Offer(prepare(t, frame.Text, text(accepted))); err == nil {
					accepted++
				} else if err != ErrBacklogFull {
					t.Fatal(err)
				}
			}
			got := 0
			for range accepted + 1 {
				f, err := p.recv()
				if string(f.Payload) == "sent" {
					continue
				}
				if err != nil || string(f.Payload) != text(got) {
					t.Fatalf("the peer receives %v %.60q, %v, want %d", f.Opcode, f.Payload, err, got)
				}
				got++
			}
			if err := <-sent; err != nil {
				t.Error(err)
			}
			go c.SendString("more")
			p.want(true, frame.Text, "more")
		})
	}
}
