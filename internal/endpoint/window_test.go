package endpoint

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
	"testing/synctest"

	"resty.websocket/frame"
)

// TestWindowModel does at random what a connection does to its window, and
// holds it against a plain queue of bytes.
func TestWindowModel(t *testing.T) {
	for seed := range uint64(10) {
		random := rand.New(rand.NewPCG(seed, 1))
		var w window
		var queue, lent, lentCopy []byte
		for range 300 {
			switch random.IntN(6) {
			case 0: // read something
				base := []int{heldLen, readLen}[random.IntN(2)]
				frameLen := 0
				if len(queue) >= 2 {
					frameLen = len(queue) + 1 + random.IntN(1<<random.IntN(18))
				}
				w.makeRoom(base, frameLen)
				if len(w.tail()) == 0 {
					t.Fatal("there is no room")
				}
				arrived := make([]byte, 1+random.IntN(len(w.tail())))
				for i := range arrived {
					arrived[i] = byte(random.Uint32())
				}
				queue = append(queue, arrived...)
				w.extend(copy(w.tail(), arrived))
			case 1: // wait for more
				w.shrink()
				if w.slab != nil && len(w.slab.buf) > 4*(w.len()+slabSlack+minSlabLen) {
					t.Fatalf("%d bytes are held for %d", len(w.slab.buf), w.len())
				}
			case 2: // hand something out
				n := random.IntN(len(queue) + 1)
				lent = w.bytes()[:n:n]
				lentCopy = bytes.Clone(lent)
				w.lend()
				w.consume(n)
				queue = queue[n:]
			case 3: // drop something
				n := random.IntN(len(queue) + 1)
				w.consume(n)
				queue = queue[n:]
			case 4: // begin another call
				w.reclaim()
				lent, lentCopy = nil, nil
				if w.len() == 0 && w.slab != nil {
					t.Fatal("an empty window holds a slab")
				}
			case 5: // somebody else uses the slabs
				scribbleSlabs(t)
			}
			if !bytes.Equal(w.bytes(), queue) || w.len() != len(queue) {
				t.Fatalf("seed %d: the window has other bytes than were read", seed)
			}
			if !bytes.Equal(lent, lentCopy) {
				t.Fatalf("seed %d: what was handed out has changed", seed)
			}
		}
		w.drop()
	}
}

// TestGrownLen has frames that are as long as an int allows, which on a 32-bit
// machine may happen.
func TestGrownLen(t *testing.T) {
	for _, test := range []struct{ have, frameLen, want int }{
		{0, 0, 0},
		{13, 0, 0}, // the length is not known yet
		{14, 1000, 28},
		{600, 1000, 1000},
		{math.MaxInt / 4, math.MaxInt, math.MaxInt / 4 * 2},
		{math.MaxInt/2 + 1, math.MaxInt, math.MaxInt},
	} {
		if got := grownLen(test.have, test.frameLen); got != test.want {
			t.Errorf("grownLen(%d, %d) = %d, want %d", test.have, test.frameLen, got, test.want)
		}
	}
}

// TestWindowCopies has a large frame arrive in many pieces, with a wait after
// each: the window must not be copied each time.
func TestWindowCopies(t *testing.T) {
	const frameLen, piece = 8 << 20, 1 << 10
	for _, base := range []int{heldLen, readLen} {
		var w window
		copied := 0
		count := func(do func()) {
			before := w.slab
			if do(); w.slab != before && w.len() > readLen {
				copied += w.len()
			}
		}
		for w.len() < frameLen {
			count(func() { w.makeRoom(base, frameLen) })
			w.extend(min(piece, len(w.tail())))
			count(w.shrink)
		}
		w.drop()
		if copied > 3*frameLen {
			t.Errorf("%d bytes at least are copied for a frame of %d, read %d at a time", copied, frameLen, base)
		}
	}
}

// TestEarlyBytes has the bytes behind the handshake come with it.
func TestEarlyBytes(t *testing.T) {
	_, p := newPair(t, Config{})
	early := bytes.Join([][]byte{
		p.frame(true, frame.Text, "one"),
		p.frame(true, frame.Text, "two"),
		p.frame(true, frame.Text, "three"),
	}, nil)
	for i := range early {
		synctest.Test(t, func(t *testing.T) {
			c, p := newPair(t, Config{})
			arrived := bytes.Clone(early[:i])
			c = New(c.nc, &Config{}, arrived)
			clear(arrived)
			p.sendBytes(early[i:])
			wantFrame(t, c, "one", frame.Text, nil)
			wantFrame(t, c, "two", frame.Text, nil)
			wantFrame(t, c, "three", frame.Text, nil)
		})
	}
}
