//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// TestReuse opens and closes connections from many goroutines, so that the kernel gives
// the same descriptors again and again, while calls on closed ones are under way. Each
// connection echoes a number of its own, which must not come from another.
func TestReuse(t *testing.T) {
	const clients, rounds = 16, 150
	l := listen(t, "tcp")
	var servers, dialers sync.WaitGroup
	servers.Go(func() {
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			c, err := Take(nc)
			if err != nil {
				t.Error(err)
				return
			}
			servers.Go(func() { echoUntilClosed(c) })
		}
	})
	var number atomic.Uint64
	for range clients {
		dialers.Go(func() {
			for range rounds {
				nc, err := net.Dial("tcp", l.Addr().String())
				if err != nil {
					t.Error(err)
					return
				}
				c, err := Take(nc)
				if err != nil {
					t.Error(err)
					return
				}
				echoNumber(t, c, number.Add(1))
			}
		})
	}
	dialers.Wait()
	l.Close()
	servers.Wait()
}

// echoNumber sends n a few times, and compares what comes back. Meanwhile another
// goroutine reads in between and a third closes c, at some moment or another.
func echoNumber(t *testing.T, c *Conn, n uint64) {
	message := binary.BigEndian.AppendUint64(nil, n)
	message = bytes.Repeat(message, 1+rand.IntN(20))
	var calls sync.WaitGroup
	closing := rand.IntN(2) == 0
	for range 3 {
		if _, err := c.Write(message); err != nil {
			t.Error(err)
		}
		got := make([]byte, len(message))
		if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, message) {
			t.Errorf("%x comes back as %x, %v", message, got, err)
		}
	}
	if closing {
		buf := make([]byte, 8)
		calls.Go(func() {
			for err := error(nil); err == nil || err == ErrWouldBlock; {
				_, err = c.TryWrite(message)
			}
		})
		calls.Go(func() {
			for {
				m, err := c.TryRead(buf)
				if err != nil && err != ErrWouldBlock {
					return
				}
				for b := range bytes.SplitSeq(buf[:m], nil) {
					if !bytes.Contains(message, b) {
						t.Errorf("%x was sent, and byte %x comes", message[:8], b)
					}
				}
			}
		})
	}
	c.Close()
	calls.Wait()
}

// echoUntilClosed echoes what comes on c and closes it.
func echoUntilClosed(c *Conn) {
	defer c.Close()
	buf := make([]byte, 256)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		if _, err := c.Write(buf[:n]); err != nil {
			return
		}
	}
}
