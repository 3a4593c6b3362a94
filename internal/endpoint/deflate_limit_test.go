package endpoint

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/deflate"
	"resty.websocket/internal/wiretest"
)

// TestMessageOfTheLimit stores what does not shrink, so that the payload is
// longer than the message, which has just the length that is allowed. zlib
// makes blocks as short as 127 bytes when it is given its smallest memory.
func TestMessageOfTheLimit(t *testing.T) {
	const limit = 65535 * 2
	message := randomBytes(limit)
	for _, size := range []int{65535, 2047, 127} {
		t.Run(fmt.Sprintf("blocks=%d", size), func(t *testing.T) {
			c, p := newPair(t, Config{Deflate: noTakeover, MaxRecvLen: -1, MaxMessageLen: limit})
			payload := string(storedIn(message, size))
			p.sendBytes(p.compressed(true, frame.Binary, payload))
			wantMessage(t, c, string(message), frame.Binary)

			p.sendBytes(p.compressed(false, frame.Binary, payload[:limit]))
			p.send(true, frame.Continuation, payload[limit:])
			wantMessage(t, c, string(message), frame.Binary)

			p.sendBytes(p.compressed(true, frame.Binary, string(storedIn(append(message, 0), size))))
			if _, _, err := c.RecvMessage(); !errors.Is(err, ErrMessageTooLong) {
				t.Errorf("a byte more: %v", err)
			}
		})
	}
}

// storedIn returns the payload of message in stored blocks of size bytes.
func storedIn(message []byte, size int) (payload []byte) {
	for part := range slices.Chunk(message, size) {
		n := len(part)
		payload = append(payload, 0, byte(n), byte(n>>8), byte(^n), byte(^n>>8))
		payload = append(payload, part...)
	}
	return append(payload, 0)
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rand.Int())
	}
	return b
}

// TestLimitOfAnything has a limit that a sum of lengths must not go beyond.
func TestLimitOfAnything(t *testing.T) {
	for _, d := range []*handshake.Deflate{nil, noTakeover} {
		t.Run(fmt.Sprintf("deflate=%t", d != nil), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Deflate: d, MaxMessageLen: math.MaxInt, Timeout: time.Second})
				p.send(false, frame.Text, "begun, ")
				half := p.frame(true, frame.Continuation, "and done")
				p.sendBytes(half[:8])
				if _, _, err := c.RecvMessage(); c.Fatal() != nil {
					t.Fatal(err)
				}
				p.sendBytes(half[8:])
				wantMessage(t, c, "begun, and done", frame.Text)
			})
		})
	}
}

// TestInflatedSlabs inflates messages that fill their slab badly, well, exactly
// and not at all, and gives to others what the connection has no more use for.
func TestInflatedSlabs(t *testing.T) {
	for _, fragments := range []int{1, 3} {
		for _, n := range []int{0, 40, 600, 20_000, 65536 + slabSlack, 65537 + slabSlack, 300_000, 1 << 20} {
			t.Run(fmt.Sprintf("size=%d/fragments=%d", n, fragments), func(t *testing.T) {
				c, p := newPair(t, Config{Deflate: noTakeover, MaxRecvLen: -1})
				message := bytes.Repeat([]byte("0123456789"), n/10+1)[:n]
				payload, _ := (&deflate.Compressor{Level: 9}).Compress(nil, message)
				for range 2 {
					p.sendCompressed(payload, fragments)
					data, _, err := c.RecvMessage()
					if err != nil {
						t.Fatal(err)
					}
					scribbleSlabs(t)
					if !bytes.Equal(data, message) {
						t.Fatal("the message is not the caller's alone")
					}
					if wasteful(cap(c.recv.message.slab.buf), n) {
						t.Errorf("it is held in %d bytes", cap(c.recv.message.slab.buf))
					}
				}
				c.CloseNow()
				scribbleSlabs(t)
			})
		}
	}
}

// sendCompressed sends a binary message in so many fragments.
func (p *peer) sendCompressed(payload []byte, fragments int) {
	p.t.Helper()
	op := frame.Binary
	for size := len(payload)/fragments + 1; len(payload) >= size; payload = payload[size:] {
		p.sendBytes(p.compressed(false, op, string(payload[:size])))
		op = frame.Continuation
	}
	p.sendBytes(p.compressed(true, op, string(payload)))
}

// TestInflatedRoom holds what is taken before anything has been inflated.
func TestInflatedRoom(t *testing.T) {
	for _, test := range []struct{ n, limit, want int }{
		{1, -1, readLen},
		{1, 1 << 20, readLen},
		{1, 100, 100},
		{1, 0, 0},
		{65535, 1 << 20, 4 * 65535},
		{1 << 20, 1 << 20, 1 << 20},
		{1 << 20, -1, 4 << 20},
	} {
		if got := inflatedRoom(test.n, test.limit); got != test.want {
			t.Errorf("for %d bytes, limit %d: %d, want %d", test.n, test.limit, got, test.want)
		}
	}
}

// TestInflatedTextIsOwned receives short texts while somebody else writes
// garbage over every slab that they can get.
func TestInflatedTextIsOwned(t *testing.T) {
	c, p := newPair(t, Config{Deflate: noTakeover})
	text := mixed(1000)
	payload, _ := new(deflate.Compressor).Compress(nil, []byte(text))
	message := p.compressed(true, frame.Text, string(payload))
	done := make(chan struct{})
	var scribbling sync.WaitGroup
	for range 2 {
		scribbling.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					s := getSlab(readLen)
					wiretest.Scribble(s.buf[:len(text)])
					s.free()
				}
			}
		})
	}
	for range 200 {
		p.sendBytes(message)
		wantMessage(t, c, text, frame.Text)
	}
	close(done)
	scribbling.Wait()
}
