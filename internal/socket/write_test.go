//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"bytes"
	"io"
	"net"
	"runtime"
	"sync"
	"testing"
	"time"
)

// pattern returns n bytes in which a part that is missing or twice there shows.
func pattern(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(i + i>>8*7 + i>>16*13)
	}
	return p
}

// TestWriteWaits writes more than the kernel takes at once.
func TestWriteWaits(t *testing.T) {
	want := pattern(16 << 20)
	for name, write := range map[string]func(c *Conn) (int64, error){
		"Write": func(c *Conn) (int64, error) { n, err := c.Write(want); return int64(n), err },
		"WriteBuffers": func(c *Conn) (int64, error) {
			return c.WriteBuffers([][]byte{want[:10], nil, want[10:4000], want[4000:]})
		},
	} {
		for _, network := range networks {
			t.Run(name+"/"+network, func(t *testing.T) {
				c, peer := pair(t, network)
				var reading sync.WaitGroup
				reading.Go(func() {
					awaitWaiting(c, writeLate, 1)
					got := make([]byte, len(want))
					if _, err := io.ReadFull(peer, got); err != nil || !bytes.Equal(got, want) {
						t.Errorf("the peer reads something else, %v", err)
					}
				})
				if n, err := write(c); n != int64(len(want)) || err != nil {
					t.Error(n, err)
				}
				reading.Wait()
				holdsNothing(t, c)
			})
		}
	}
}

// TestWriteWaitsAgain has the peer take a part of what a Write has left, so that it finds
// room once and none the next time. It waits then, and does not try again and again.
func TestWriteWaitsAgain(t *testing.T) {
	for _, network := range networks {
		t.Run(network, func(t *testing.T) {
			c, peer := pair(t, network)
			var writing sync.WaitGroup
			writing.Go(func() { c.Write(make([]byte, 64<<20)) })
			for range 3 {
				awaitWaiting(c, writeLate, 1)
				if _, err := io.CopyN(io.Discard, peer, 8<<20); err != nil {
					t.Fatal(err)
				}
			}
			for began := time.Now(); waiting(c, writeLate) == 0; runtime.Gosched() {
				if time.Since(began) > 10*time.Second {
					t.Error("Write does not wait")
					break
				}
			}
			c.Close()
			writing.Wait()
		})
	}
}

// TestWriteBuffersEmpty has empty buffers, of which the last must not keep back what was
// before them.
func TestWriteBuffersEmpty(t *testing.T) {
	hello := []byte("Hello")
	for _, v := range [][][]byte{nil, {nil}, {hello}, {hello, nil, {}}, {nil, hello, hello}, {hello, nil, hello, nil}} {
		want := bytes.Join(v, nil)
		c, peer := pair(t, "tcp")
		if n, err := c.WriteBuffers(v); n != int64(len(want)) || err != nil {
			t.Error(n, err)
		}
		c.Close()
		if got, err := io.ReadAll(peer); !bytes.Equal(got, want) || err != nil {
			t.Errorf("the peer reads %q, %v, want %q", got, err, want)
		}
		if kept := trimEmpty(v); len(kept) > 0 && len(kept[len(kept)-1]) == 0 || !bytes.Equal(bytes.Join(kept, nil), want) {
			t.Errorf("%q are written of %q", kept, v)
		}
	}
	if string(hello) != "Hello" {
		t.Error("a buffer is changed")
	}
}

// TestTryWrite fills the socket, has the peer read, and checks that all that was taken
// arrives.
func TestTryWrite(t *testing.T) {
	for _, network := range networks {
		t.Run(network, func(t *testing.T) {
			c, peer := pair(t, network)
			taken := fill(t, c)
			var writing sync.WaitGroup
			writing.Go(func() {
				if n, err := c.Write([]byte("end")); n != 3 || err != nil {
					t.Error(n, err)
				}
			})
			awaitWaiting(c, writeLate, 1)
			if n, err := c.TryWrite([]byte("x")); n != 0 || err != nil {
				t.Errorf("TryWrite while a Write waits returns %d, %v", n, err)
			}
			got := make([]byte, taken+3)
			if _, err := io.ReadFull(peer, got); err != nil || string(got[taken:]) != "end" {
				t.Errorf("%q, %v", got[taken:], err)
			}
			writing.Wait()
			if n, err := c.TryWrite([]byte("more")); n != 4 || err != nil {
				t.Errorf("TryWrite returns %d, %v", n, err)
			}
		})
	}
}

// TestWritesApart has many goroutines write at once what the kernel takes in parts.
func TestWritesApart(t *testing.T) {
	const writers, size = 8, 1 << 20
	c, peer := pair(t, "tcp")
	peer.(*net.TCPConn).SetReadBuffer(16 << 10)
	var writing sync.WaitGroup
	for i := range writers {
		writing.Go(func() {
			if _, err := c.Write(bytes.Repeat([]byte{byte(i)}, size)); err != nil {
				t.Error(err)
			}
		})
	}
	got := make([]byte, size)
	for range writers {
		if _, err := io.ReadFull(peer, got); err != nil {
			t.Fatal(err)
		}
		if bytes.Count(got, got[:1]) != size {
			t.Fatal("writes are mixed")
		}
	}
	writing.Wait()
}
