package endpoint

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// TestSharedModel does at random what a sender does to its pending bytes, shared ones
// among them, and holds them against a plain queue.
func TestSharedModel(t *testing.T) {
	for seed := range uint64(30) {
		random := rand.New(rand.NewPCG(seed, 11))
		var p pending
		var queue []byte
		for range 300 {
			b := make([]byte, 1+random.IntN(2<<random.IntN(17)))
			for i := range b {
				b[i] = byte(random.Uint32())
			}
			switch random.IntN(8) {
			case 0:
				h := frame.Header{Fin: true, Opcode: frame.Binary, Length: int64(len(b))}
				p.extend(frame.AppendFrame(p.space(maxHeaderLen+len(b), random.IntN(maxPending)), h, b))
				queue = frame.AppendFrame(queue, h, b)
				wiretest.Scribble(b)
			case 1, 2, 3:
				p.share(b)
				queue = append(queue, b...)
			case 4: // the kernel takes some
				got := p.first(p.len())
				got = got[:random.IntN(len(got)+1)]
				if !bytes.HasPrefix(queue, got) {
					t.Fatalf("seed %d: other bytes are written first than were added first", seed)
				}
				p.consume(len(got))
				queue = queue[len(got):]
			case 5: // a goroutine writes
				got, slab := p.take(frames(&p, random))
				if !bytes.HasPrefix(queue, got) {
					t.Fatalf("seed %d: other bytes are taken than were added first", seed)
				}
				queue = queue[len(got):]
				slab.free()
			case 6: // the slabs are used by others
				scribbleSlabs(t)
			case 7: // the kernel takes some, while others add frames
				got, slab := p.take(p.len())
				scribbleSlabs(t)
				more := bytes.Clone(b)
				h := frame.Header{Fin: true, Opcode: frame.Binary, Length: int64(len(b))}
				switch random.IntN(3) {
				case 0:
					p.share(more)
				case 1:
					p.extend(frame.AppendFrame(p.space(maxHeaderLen+len(b), 0), h, b))
					more = frame.AppendFrame(nil, h, b)
				case 2:
					more = nil
				}
				if n := random.IntN(len(got) + 1); n < len(got) {
					p.putBack(got[n:], slab)
					queue = queue[n:]
				} else {
					slab.free()
					queue = queue[n:]
				}
				queue = append(queue, more...)
			}
			if p.len() != len(queue) {
				t.Fatalf("seed %d: %d bytes are pending, want %d", seed, p.len(), len(queue))
			}
		}
		p.drop()
	}
}

// frames returns the length of some of the first frames that are pending, or of all.
func frames(p *pending, random *rand.Rand) int {
	n := p.slab.len()
	if p.shared != nil {
		all := p.shared.all[p.shared.next:]
		for _, b := range all[:random.IntN(len(all)+1)] {
			n += len(b)
		}
	}
	if n == 0 {
		return p.len()
	}
	return n
}

// prepare returns a message for tests.
func prepare(t *testing.T, op frame.Opcode, payload string) *Prepared {
	t.Helper()
	m, err := Prepare(op, []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// offer offers messages of type text.
func offer(t *testing.T, c *Conn, payloads ...string) {
	t.Helper()
	for _, payload := range payloads {
		if err := c.Offer(prepare(t, frame.Text, payload)); err != nil {
			t.Fatalf("Offer of %.40q: %v", payload, err)
		}
	}
}

// newVectorPair is newPair with a connection in memory that passes for a socket, whose
// large frames are not copied, and on which no byte is under way to the peer until the
// peer reads.
func newVectorPair(t *testing.T, cfg Config) (*Conn, *peer) {
	c, p := newPair(t, cfg)
	c.send.socket = true
	p.own.SetWriteBuffer(1)
	return c, p
}

// background calls f on a goroutine, and returns when that waits or is done.
func background(f func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	synctest.Wait()
	return done
}

// large returns a text that is not copied.
func large(letter string) string { return strings.Repeat(letter, minShared+1000) }

// TestVectorOrder sends a frame that is not copied behind shared bytes, and others
// while those are being written.
func TestVectorOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newVectorPair(t, Config{})
		offer(t, c, large("a"))
		synctest.Wait() // a is being written
		offer(t, c, large("b"), "c")
		sent := background(func() error { return c.SendString(large("d")) })
		p.want(true, frame.Text, large("a"))
		synctest.Wait() // b is, for d
		if err := c.SendString("e"); err != nil {
			t.Fatal(err)
		}
		offer(t, c, "f")
		for _, payload := range []string{large("b"), "c", large("d"), "e", "f"} {
			p.want(true, frame.Text, payload)
		}
		if err := <-sent; err != nil {
			t.Error(err)
		}
	})
}

// TestOfferedBeforeTheEndIsVectored offers a message inside a fragmented one, and one
// while the last fragment, which is not copied, is being written.
func TestOfferedBeforeTheEndIsVectored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newVectorPair(t, Config{})
		p.own.SetWriteBuffer(-1)
		if err := c.SendFrame(false, frame.Text, []byte("begin")); err != nil {
			t.Fatal(err)
		}
		offer(t, c, "one")
		p.own.SetWriteBuffer(1)
		sent := background(func() error { return c.SendFrame(true, frame.Continuation, []byte(large("x"))) })
		offer(t, c, "two")
		if err := c.SendString("three"); err != nil {
			t.Fatal(err)
		}
		p.want(false, frame.Text, "begin")
		p.want(true, frame.Continuation, large("x"))
		for _, payload := range []string{"one", "two", "three"} {
			p.want(true, frame.Text, payload)
		}
		if err := <-sent; err != nil {
			t.Error(err)
		}
		wantAllSent(t, c)
	})
}

// wantAllSent checks what is left of frames that were accepted, when all were written.
func wantAllSent(t *testing.T, c *Conn) {
	t.Helper()
	synctest.Wait()
	c.send.mu.Lock()
	defer c.send.mu.Unlock()
	s := &c.send
	traffic := s.inTraffic()
	if s.unsent != 0 || s.pending.len() != 0 || len(traffic.offered) != 0 || s.busy || traffic.timed {
		t.Errorf("left behind: %d unsent, %d pending, %d offered, busy %t, timed %t",
			s.unsent, s.pending.len(), len(traffic.offered), s.busy, traffic.timed)
	}
}

// TestSharedFramesAreForgotten has messages offered to a peer that is always behind, but
// not by more. The memory for what waits does not grow.
func TestSharedFramesAreForgotten(t *testing.T) {
	var p pending
	defer p.drop()
	b := make([]byte, minShared)
	for range 10 {
		p.share(b)
	}
	for range 10000 {
		p.share(b)
		p.take(p.len())
	}
	if n := cap(p.shared.all); n > 100 {
		t.Errorf("there is room for %d frames", n)
	}
}
